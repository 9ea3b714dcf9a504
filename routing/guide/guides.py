"""One guide for each role: what to do, step by step, with a picture each, and after it every page of the role with the
same sentences that stand in place. Read late, by the pages and papers of guides alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from routing.guide.topic import Topic
from routing.guide.topics import CHAPTERS


@dataclass(frozen=True, slots=True)
class Chapter:
    """`picture`: its file in static/panduan, taken by docs/panduan/gambar.py; `alt`: what is to be seen on it."""

    title: str
    steps: tuple[str, ...]
    picture: str
    alt: str

    def said(self) -> list[str]:
        """The steps in the reader's language."""
        return [said(step) for step in self.steps]


@dataclass(frozen=True, slots=True)
class Guide:
    code: str
    title: str
    audience: str
    intro: str
    chapters: tuple[Chapter, ...]

    def pages(self) -> list[Topic]:
        """The topics of the role, in the order of the portal."""
        return [topic for chapter in CHAPTERS for topic in chapter.TOPICS if self.code in topic.guides]


def said(sentence: str) -> str:
    return gettext(sentence) % {"sms": settings.SMS_NUMBER} if "%(" in sentence else gettext(sentence)


GUIDES: Final = (
    Guide(
        code="warga",
        title=_("Warga"),
        audience=_("Untuk siapa pun yang ingin melapor, dan untuk yang membantu orang lain melapor."),
        intro=_("Melapor tidak perlu akun dan tidak dipungut biaya. Nama Anda tidak pernah tampil untuk umum."),
        chapters=(
            Chapter(
                title=_("Melapor dalam empat layar"),
                steps=(
                    _("Buka alamat LAPOR! di peramban, atau pindai kode QR di kantor. Tekan “Lapor masalah”."),
                    _("Tulis di mana kejadiannya: nama desa, kelurahan, atau kecamatan sudah cukup."),
                    _("Ceritakan apa yang terjadi, dan kapan. Foto menolong, tetapi tidak wajib."),
                    _("Periksa: ke kantor mana laporan dikirim, dan siapa yang boleh membaca namanya."),
                    _("Tekan “Kirim laporan”. Tidak tahu kantornya? Biarkan kosong, kami yang mencarikan."),
                ),
                picture="warga-masalah",
                alt=_(
                    "Halaman Masalah di HP: tempat yang dipilih, lalu pilihan ada masalah, punya usul, atau mau "
                    "bertanya."
                ),
            ),
            Chapter(
                title=_("Simpan nomor dan kunci"),
                steps=(
                    _("Nomor menyebut laporan Anda. Kunci membuktikan bahwa itu milik Anda."),
                    _("Kunci hanya tampil satu kali. Cetak, foto, atau tulis di kertas."),
                    _("Jangan berikan kunci kepada siapa pun. Petugas tidak pernah memintanya."),
                    _("Isi email atau nomor HP kalau ingin dikabari. Tanpa itu, lihat kabarnya di “Lacak”."),
                ),
                picture="warga-selesai",
                alt=_("Halaman Selesai dengan nomor laporan, kunci yang hanya tampil sekali, dan tanggal jawaban."),
            ),
            Chapter(
                title=_("Melihat kabar dan menjawab"),
                steps=(
                    _("Buka “Lacak”, tulis nomor dan kuncinya."),
                    _("Bagian paling atas menyebut siapa yang memegang laporan dan paling lambat kapan dijawab."),
                    _("Kantor bertanya? Jawab secepatnya: selama menunggu, hitungan kantor berhenti."),
                    _(
                        "Sesudah jawaban akhir, katakan “Sudah beres” atau “Belum beres”. Belum beres berarti "
                        "dikerjakan lagi."
                    ),
                ),
                picture="warga-laporan",
                alt=_(
                    "Halaman laporan milik pelapor: statusnya, giliran kantor mana sekarang, dan paling lambat kapan."
                ),
            ),
            Chapter(
                title=_("Kalau tidak dijawab"),
                steps=(
                    _(
                        "Anda tidak perlu melapor lagi. Kantor, pimpinannya, admin daerah, lalu pusat diingatkan satu "
                        "per satu."
                    ),
                    _(
                        "Laporan yang terlambat tercatat di daftar “Belum dijawab”, yang bisa dibaca siapa pun tanpa "
                        "nama Anda."
                    ),
                    _("Sesudah batasnya lewat, Anda bisa meneruskan laporan ke Ombudsman dari halaman laporan Anda."),
                    _("Bahaya sekarang? Jangan menunggu jawaban di sini. Telepon 112."),
                ),
                picture="warga-belum-dijawab",
                alt=_(
                    "Daftar umum “Siapa yang belum menjawab?”: jumlah laporannya, menurut berapa hari kerja sudah "
                    "lewat."
                ),
            ),
            Chapter(
                title=_("Tanpa internet"),
                steps=(
                    _("Kirim SMS ke %(sms)s. Mulai dengan awalan daerah Anda kalau ada, lalu ceritanya."),
                    _("Balasannya memuat nomor laporan. Tulis STATUS dan nomornya untuk bertanya kabar."),
                    _(
                        "Atau datang ke kantor camat atau dinas kominfo. Petugas mengetikkan laporan Anda dan memberi "
                        "tanda terima."
                    ),
                ),
                picture="warga-sms",
                alt=_("Telepon percobaan: SMS laporan dengan awalan daerah, dan balasan berisi nomor laporan."),
            ),
        ),
    ),
    Guide(
        code="loket",
        title=_("Petugas loket"),
        audience=_("Untuk petugas yang menerima warga di kantor, lewat telepon, atau lewat surat."),
        intro=_(
            "Anda mengetik untuk orang lain: laporannya tetap milik warga, dan nama Anda tercatat sebagai yang "
            "mengetik."
        ),
        chapters=(
            Chapter(
                title=_("Mencatat laporan"),
                steps=(
                    _("Tanyakan dulu: apakah ada bahaya sekarang? Kalau ya, minta menelepon 112."),
                    _("Tulis ceritanya dengan kata-kata warga sendiri. Jangan diperhalus."),
                    _("Tulis tempatnya. Kalau nama itu dipakai beberapa daerah, Anda ditanya yang mana."),
                    _("Nama dan nomor HP boleh kosong. Jangan pernah meminta NIK."),
                    _("Bacakan kotak “Bacakan kepada pelapor”, lalu tekan “Simpan dan buka tanda terima”."),
                ),
                picture="loket-formulir",
                alt=_(
                    "Formulir loket: bagaimana warga menyampaikannya, apa yang disampaikan, ceritanya, dan pengingat "
                    "di samping."
                ),
            ),
            Chapter(
                title=_("Tanda terima"),
                steps=(
                    _("Cetak sekarang. Kunci hanya tampil sekali, juga bagi Anda."),
                    _("Di telepon, eja nomor dan kunci per empat huruf."),
                    _("Warga memberi nomor HP? Minta kode dari SMS, lalu tulis di “Masukkan kodenya”."),
                    _("Jelaskan: laporan dikirim ke kantor yang berwenang, dan kabarnya datang dari sana."),
                ),
                picture="loket-tanda-terima",
                alt=_("Tanda terima dengan nomor laporan dan kunci, siap dicetak."),
            ),
        ),
    ),
    Guide(
        code="opd",
        title=_("Petugas OPD dan unit"),
        audience=_(
            "Untuk pejabat penghubung: petugas yang menjawab laporan di dinas, badan, kecamatan, kelurahan, dan unit."
        ),
        intro=_(
            "Pekerjaan Anda satu: setiap laporan di meja Anda dijawab sebelum tanggalnya, dengan kata-kata yang "
            "dipahami warga."
        ),
        chapters=(
            Chapter(
                title=_("Setiap pagi"),
                steps=(
                    _("Masuk dengan akun Anda sendiri, dan buka “Meja”."),
                    _("Baca kelompok “Terlambat” dulu, lalu “Hampir lewat tenggat”."),
                    _("Buka satu laporan, pastikan itu wewenang kantor Anda, lalu tekan “Mulai kerjakan”."),
                    _("Lihat juga “Diminta membantu”: tugas dari kantor lain punya tanggal sendiri."),
                ),
                picture="opd-meja",
                alt=_(
                    "Meja petugas: pilihan tampilan di kiri, kelompok Terlambat paling atas, dan tenggat di setiap "
                    "baris."
                ),
            ),
            Chapter(
                title=_("Menjawab satu laporan"),
                steps=(
                    _("Baca ceritanya sampai habis, dan lihat fotonya."),
                    _("Kurang jelas? “Minta keterangan pelapor”, sekaligus semua yang ingin ditanyakan."),
                    _(
                        "Tulis tanggapan pertama sebelum tanggalnya: apa yang sudah dilihat dan langkah berikutnya, "
                        "dengan tanggal."
                    ),
                    _("Di atas tombolnya tertulis siapa yang akan membaca. Periksa sebelum mengirim."),
                ),
                picture="opd-laporan",
                alt=_("Halaman laporan: cerita dan percakapan di kiri, batas waktu dan tindakan di kanan."),
            ),
            Chapter(
                title=_("Menyelesaikan"),
                steps=(
                    _(
                        "Tulis “Jawaban akhir” hanya kalau sudah dikerjakan, sudah dijadwalkan dengan tanggal, atau "
                        "memang tidak bisa."
                    ),
                    _("Sebut apa yang dikerjakan, kapan, dan oleh unit mana. Lampirkan foto sesudahnya."),
                    _("Tidak bisa? Katakan terus terang mengapa, dan kantor mana yang bisa."),
                    _(
                        "Sekarang giliran pelapor. Katanya belum beres? Laporan kembali ke meja Anda dalam putaran "
                        "baru."
                    ),
                ),
                picture="opd-jawaban-akhir",
                alt=_(
                    "Formulir jawaban akhir: sudah dikerjakan, dijadwalkan, atau tidak bisa, dan penjelasan untuk "
                    "pelapor."
                ),
            ),
            Chapter(
                title=_("Kalau bukan wewenang Anda"),
                steps=(
                    _("Kembalikan secepatnya, jangan menunggu hari terakhir: hitungan kepada pelapor berjalan terus."),
                    _("Sebut kantor yang berwenang. Pelapor membaca kantor mana yang Anda sebut."),
                    _(
                        "Sebagian wewenang kantor lain? Jawab bagian Anda, dan “Minta bantuan kantor lain” untuk "
                        "sisanya."
                    ),
                ),
                picture="opd-bukan-wewenang",
                alt=_("Formulir “Bukan wewenang kami”: alasan, dan kantor yang menurut Anda berwenang."),
            ),
            Chapter(
                title=_("Cuti dan kabar"),
                steps=(
                    _("Mau cuti? Catat hari-harinya di “Cuti saya” dan tunjuk pengganti."),
                    _("Pengganti masuk dengan akunnya sendiri. Jangan meminjamkan kata sandi."),
                    _("Atur di halaman akun: kabar langsung, atau satu surat setiap pagi."),
                ),
                picture="opd-cuti",
                alt=_("Halaman Cuti saya: hari pertama, hari terakhir, dan pilihan pengganti."),
            ),
        ),
    ),
    Guide(
        code="pimpinan",
        title=_("Pimpinan dan sekretaris"),
        audience=_("Untuk kepala dinas, badan, dan kecamatan, sekretarisnya, dan kepala daerah."),
        intro=_(
            "Anda tidak perlu membuka setiap laporan. Setujui yang menunggu, lihat yang terlambat dan pada siapa, dan "
            "tanyakan mengapa."
        ),
        chapters=(
            Chapter(
                title=_("Senin pagi"),
                steps=(
                    _("Baca surat Senin pagi: yang terlambat, yang hampir habis waktunya, dan yang menunggu Anda."),
                    _("Buka “Pengawasan”. Yang terlambat disebut beserta petugas yang memegangnya."),
                    _("Bandingkan dengan empat minggu sebelumnya, lalu dengan minggu yang sama tahun lalu."),
                    _("Petugas cuti tanpa pengganti? Tunjuk seorang di “Cuti petugas”."),
                ),
                picture="pimpinan-pengawasan",
                alt=_(
                    "Halaman pengawasan seorang pimpinan: jawaban yang menunggu persetujuan, lalu yang terlambat dan "
                    "pada siapa."
                ),
            ),
            Chapter(
                title=_("Menyetujui jawaban"),
                steps=(
                    _("Di “Menunggu persetujuan Anda”, buka jawabannya."),
                    _("Tanyakan tiga hal: terjawabkah pertanyaannya, adakah tanggalnya, mengertikah warga?"),
                    _("Setujui, atau kembalikan dengan alasan yang jelas. Selama menunggu, hitungan terus berjalan."),
                ),
                picture="pimpinan-setujui",
                alt=_(
                    "Jawaban yang menunggu persetujuan di halaman laporan, dengan tombol menyetujui dan mengembalikan."
                ),
            ),
            Chapter(
                title=_("Rapat mingguan"),
                steps=(
                    _(
                        "Admin daerah membuka satu layar untuk setiap kantor. Siapkan jawaban untuk tiga laporan yang "
                        "paling lama ditunggu."
                    ),
                    _(
                        "Sebut tanggal yang sanggup ditepati. Ia dicatat sebagai kesepakatan dan ditanyakan minggu "
                        "depan."
                    ),
                    _("Hambatan yang bukan wewenang Anda? Sepakati di rapat siapa yang menangani."),
                ),
                picture="pimpinan-rapat",
                alt=_("Satu layar rapat mingguan: angka satu kantor, tiga yang paling lama ditunggu, dan kesepakatan."),
            ),
        ),
    ),
    Guide(
        code="kominfo",
        title=_("Admin daerah (Dinas Kominfo)"),
        audience=_("Untuk admin instansi di kabupaten, kota, provinsi, kementerian, dan lembaga."),
        intro=_(
            "Anda menjaga tiga hal: laporan sampai di kantor yang benar, setiap kantor punya orang, dan tidak ada "
            "yang diam."
        ),
        chapters=(
            Chapter(
                title=_("Menyiapkan daerah"),
                steps=(
                    _("Di “Kelola”, periksa kantor-kantornya, lalu angkat petugas dengan nomor SK-nya."),
                    _("Isi “Pembagian bidang”. Setiap bidang yang jelas kantornya tidak lagi singgah di meja Anda."),
                    _("Tulis aturan untuk laporan yang sering keliru, dan coba dulu sebelum menyimpannya."),
                    _("Tambahkan awalan SMS, situs daerah, dan janji hari kerja kalau ada dasar hukumnya."),
                ),
                picture="kominfo-kelola",
                alt=_("Halaman Kelola: kantor, pembagian bidang, petugas, keputusan, dan sistem terhubung."),
            ),
            Chapter(
                title=_("Setiap pagi di meja"),
                steps=(
                    _("Buka “Meja”: yang belum terverifikasi dan yang dikembalikan menunggu keputusan Anda."),
                    _("Periksa saran kantornya. Setuju? Teruskan. Tidak? Pilih yang lain dan tulis mengapa."),
                    _("Baca teks tersamar sebelum terbit. Ragu? Buka “Perbaiki teksnya, atau tahan dulu”."),
                    _(
                        "Dua kantor sudah menolak? Putuskan hari itu juga. Sesudah itu tidak ada yang bisa "
                        "mengembalikannya."
                    ),
                ),
                picture="kominfo-teruskan",
                alt=_(
                    "Formulir meneruskan laporan: pilihan kantor, alasan, jenis, dan kategori, dengan ceritanya di "
                    "samping."
                ),
            ),
            Chapter(
                title=_("Mengawasi"),
                steps=(
                    _("Mulai dari kantor yang diam: meja yang tidak dibuka berarti laporan yang tidak dibaca."),
                    _("Tekan angka yang terlambat, lalu “Ingatkan” atau “Minta penjelasan”."),
                    _("Petugasnya pergi? Akhiri tugasnya dan angkat penggantinya hari itu juga."),
                    _("Lihat “Yang dikembalikan” sebulan sekali, dan tulis kesepakatannya sebagai aturan."),
                ),
                picture="kominfo-pengawasan",
                alt=_("Halaman pengawasan daerah: kantor yang diam, yang terlambat, dan umur laporannya."),
            ),
            Chapter(
                title=_("Rapat dan angka"),
                steps=(
                    _("Sebelum rapat, buka “Rapat mingguan” dan cetak satu halaman per kantor."),
                    _("Catat kesepakatan dengan tanggal. Minggu depan tanyakan apakah ditepati."),
                    _(
                        "Untuk laporan kepada pimpinan, unduh “Angka” sebagai PDF atau XLSX: masa dan waktunya "
                        "tertulis di dalam."
                    ),
                ),
                picture="kominfo-angka",
                alt=_("Halaman angka: setiap ukuran dengan pembanding, rumus, dan tautan ke laporannya."),
            ),
            Chapter(
                title=_("Memperkenalkan kepada warga"),
                steps=(
                    _("Di “Kelola”, buka “Bahan sosialisasi”. Periksa nama, awalan, dan nomor teleponnya."),
                    _("Tempel poster di kantor camat, puskesmas, dan pasar. Naskah radio bisa dibacakan apa adanya."),
                    _("Simpan foto dan undangannya: sosialisasi adalah bukti dalam evaluasi tahunan."),
                ),
                picture="kominfo-sosialisasi",
                alt=_("Halaman bahan sosialisasi: data daerah yang akan tercetak, lalu berkas-berkas untuk diunduh."),
            ),
            Chapter(
                title=_("Evaluasi tahunan"),
                steps=(
                    _("Begitu tahun dibuka Anda mendapat surat. Periksa setiap angka; semuanya membuka laporannya."),
                    _("Sampaikan bukti: SK, komitmen bersama kepala OPD, rencana aksi, dan sosialisasi."),
                    _("Tidak setuju dengan nilainya? Sampaikan keberatan sebelum tanggal terakhir."),
                ),
                picture="kominfo-evaluasi",
                alt=_("Halaman evaluasi daerah dengan tahapnya, angka yang diperiksa, dan bukti."),
            ),
        ),
    ),
    Guide(
        code="pusat",
        title=_("Pusat, evaluator, dan pengawas"),
        audience=_("Untuk admin nasional, evaluator, pembaca mutu, Ombudsman, pengawas program, dan tim pengungkapan."),
        intro=_(
            "Pusat melihat semua angka, tetapi tidak semua nama: membuka identitas selalu beralasan, tercatat, dan "
            "dilihat pelapor."
        ),
        chapters=(
            Chapter(
                title=_("Meja nasional"),
                steps=(
                    _("Buka “Pengawasan”: paling atas yang menunggu di pusat."),
                    _("Verifikasi yang tidak jelas daerahnya. Jelas daerahnya? Titipkan di meja admin di sana."),
                    _("Putuskan pesan tertahan dari yang paling lama menunggu. Tidak ada yang dibuang."),
                    _("Daerah tanpa koordinator? Angkat seorang bersama surat keputusannya."),
                ),
                picture="pusat-pengawasan",
                alt=_("Pengawasan dari pusat: yang menunggu di pusat, dan instansi menurut provinsi dan jenis."),
            ),
            Chapter(
                title=_("Kalender, standar, dan kategori"),
                steps=(
                    _("Muat hari libur tahun depan begitu SKB terbit."),
                    _("Standar baru berlaku dari tanggalnya; janji yang sudah berjalan tetap."),
                    _("Kategori memakai kata warga. Yang tidak dipakai lagi diakhiri, tidak dihapus."),
                ),
                picture="pusat-kelola",
                alt=_("Halaman Kelola di pusat: instansi, pembagian bidang, petugas, keputusan, dan setelan lain."),
            ),
            Chapter(
                title=_("Evaluasi tahunan"),
                steps=(
                    _("Siapkan tahunnya. Angkanya dikumpulkan sendiri dari kejadian."),
                    _("Bukakan untuk daerah, lalu tunggu sampai mereka memeriksa dan menyampaikan bukti."),
                    _("Nilai buktinya dengan alasan, dan putuskan keberatan."),
                    _(
                        "Terbitkan. Angka dihitung ulang sekali lagi; yang terbit tidak bisa diubah, hanya diganti "
                        "edisi baru."
                    ),
                ),
                picture="pusat-evaluasi",
                alt=_("Halaman satu tahun evaluasi di pusat: tahap, batas, dan keadaan setiap daerah."),
            ),
            Chapter(
                title=_("Mutu jawaban"),
                steps=(
                    _("Tarik contoh dengan undian: tidak ada yang memilih jawabannya."),
                    _("Baca giliran Anda. Kenal orangnya, atau pernah menanganinya? Serahkan ke pembaca lain."),
                    _("Lihat kesepakatan pembaca sebelum memakai nilainya."),
                ),
                picture="pusat-mutu",
                alt=_("Halaman Mutu jawaban: giliran membaca, masing-masing dengan masa dan tanggal terakhirnya."),
            ),
        ),
    ),
)
BY_CODE: Final[Mapping[str, Guide]] = {guide.code: guide for guide in GUIDES}
