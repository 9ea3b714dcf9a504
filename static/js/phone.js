// The phone in the browser: counts as a network does (lapor/kit/gsm.py).
const basic = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const extension = new Set("\f^{}\\[~]|€");

function count(text) {
  const letters = [...text];
  const plain = letters.every((ch) => basic.has(ch) || extension.has(ch));
  const widths = letters.map((ch) => plain ? (extension.has(ch) ? 2 : 1) : ch.length);
  const [one, each] = plain ? [160, 153] : [70, 67];
  const all = widths.reduce((sum, width) => sum + width, 0);
  if (all <= one) return { plain, parts: 1, left: one - all };
  let parts = 1, left = each;
  for (const width of widths) {
    if (width > left) { parts += 1; left = each; }
    left -= width;
  }
  return { plain, parts, left };
}

const line = document.getElementById("hitung");
const box = document.querySelector("#tulis textarea");
if (line && box) {
  const show = () => {
    const { plain, parts, left } = count(box.value);
    line.textContent = (plain ? line.dataset.left : line.dataset.wide).replace("#", left).replace("@", parts);
  };
  box.addEventListener("input", show);
  show();
}
