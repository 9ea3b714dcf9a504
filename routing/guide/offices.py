"""Who answers where: offices, officers, leaves, rules and what is set for an agency."""

from django.utils.translation import gettext_noop as _

from routing.guide.topic import Topic

TOPICS = (
    Topic(
        code="rules",
        urls=("routing:rules",),
        guides=("kominfo", "pusat"),
        title=_("Aturan penerusan"),
        purpose=_("Aturan yang membawa laporan langsung ke kantornya, menurut kategori, tempat, atau kata."),
        first=_(
            "Lihat dulu laporan mana yang sering keliru, lalu tulis aturan untuk itu. “Coba dulu” tidak mengirim "
            "apa-apa."
        ),
        then=_(
            "Aturan paling atas yang cocok menang; yang menandai program berlaku semuanya. Alasannya tercatat di "
            "setiap laporan."
        ),
        clock=_("Laporan yang diteruskan aturan tidak menunggu verifikasi."),
    ),
    Topic(
        code="rule",
        urls=("routing:rule_add", "routing:rule_change", "routing:rule_order", "routing:rule_end"),
        guides=("kominfo", "pusat"),
        title=_("Menulis aturan"),
        purpose=_("Satu aturan: syaratnya, dan ke kantor mana laporannya."),
        first=_("Isi syarat sesedikit mungkin, lalu lihat dulu akibatnya pada laporan yang lalu."),
        then=_("Berlaku untuk laporan berikutnya. Yang sudah diteruskan tidak ikut berubah."),
    ),
    Topic(
        code="rule-apply",
        urls=("routing:rule_apply",),
        guides=("kominfo", "pusat"),
        title=_("Terapkan ke yang terbuka"),
        purpose=_("Menandai laporan yang masih terbuka dengan program dari aturan ini."),
        first=_("Baca contoh-contohnya dulu; kalau ada yang keliru, perbaiki aturannya."),
        then=_(
            "Penandaan berjalan di belakang dan tercatat pada setiap laporan. Laporan rahasia dan tentang perilaku "
            "tidak ikut."
        ),
    ),
    Topic(
        code="members",
        urls=("agencies:members", "agencies:member", "agencies:confirm", "agencies:end"),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Petugas"),
        purpose=_("Siapa yang menjawab di kantor mana, sejak kapan, dan berdasarkan keputusan apa."),
        first=_("Lihat kantor tanpa petugas di bawah daftar: laporannya sampai ke meja Anda."),
        then=_(
            "Yang diangkat mendapat surat. Kalau tugas petugas terakhir berakhir, laporan terbukanya naik ke kantor "
            "di atasnya."
        ),
    ),
    Topic(
        code="appoint",
        urls=("agencies:appoint",),
        guides=("kominfo", "pusat"),
        title=_("Angkat petugas"),
        purpose=_("Memberi seseorang tugas di sebuah kantor."),
        first=_("Siapkan nomor surat keputusannya. Pakai alamat email orangnya sendiri, jangan akun bersama."),
        then=_("Ia mendapat surat untuk masuk pertama kali. Setiap pengangkatan tercatat dengan nama Anda."),
    ),
    Topic(
        code="decrees",
        urls=("agencies:decrees",),
        guides=("kominfo", "pusat"),
        title=_("Keputusan"),
        purpose=_("Surat keputusan yang menjadi dasar pengangkatan petugas."),
        first=_("Catat nomor dan tanggalnya, lalu unggah berkasnya."),
        then=_(
            "Keputusan yang mengubah keputusan lama meminta setiap tugas di bawahnya dikonfirmasi. Evaluasi tahunan "
            "membaca mana yang masih berlaku."
        ),
    ),
    Topic(
        code="leaves",
        urls=(
            "agencies:leaves",
            "agencies:leave",
            "agencies:leave_enter",
            "agencies:leave_approve",
            "agencies:leave_cut",
        ),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Cuti petugas"),
        purpose=_("Siapa yang cuti, siapa penggantinya, dan kantor mana yang akan kosong."),
        first=_("Selesaikan dulu hari-hari tanpa orang: tunjuk pengganti."),
        then=_("Pengganti mendapat surat, dan bertindak dengan namanya sendiri."),
        clock=_("Batas waktu laporan tidak ikut cuti."),
    ),
    Topic(
        code="manage",
        urls=("agencies:manage",),
        guides=("kominfo", "pusat"),
        title=_("Kelola"),
        purpose=_(
            "Semua yang diatur sekali dan dipakai setiap hari: kantor, bidang, petugas, awalan SMS, dan sistem "
            "terhubung."
        ),
        first=_(
            "Mulai dari kantor dan petugasnya, lalu pembagian bidang. Sesudah itu sebagian besar laporan sampai "
            "sendiri."
        ),
        then=_("Setiap perubahan tercatat: siapa, kapan, dan apa sebelumnya."),
    ),
    Topic(
        code="office-change",
        urls=("agencies:change", "agencies:add", "agencies:starter_set"),
        guides=("kominfo", "pusat"),
        title=_("Menulis kantor"),
        purpose=_("Nama, singkatan, sebutan lain, dan bidang sebuah kantor."),
        first=_("Tulis juga sebutan yang dipakai warga, misalnya “dinas jalan”: kata itu dikenali di laporan."),
        then=_("Berlaku saat itu juga. Kantor tanpa petugas: laporannya naik ke kantor di atasnya."),
    ),
    Topic(
        code="office-end",
        urls=("agencies:end_office",),
        guides=("kominfo", "pusat"),
        title=_("Akhiri kantor"),
        purpose=_("Mengakhiri kantor yang digabung, berganti nama, atau dihapus."),
        first=_("Tentukan penerusnya lebih dulu."),
        then=_("Laporan terbuka pindah ke penerusnya pada hari itu, dan pelapornya dikabari."),
        clock=_("Batas waktu kepada pelapor tidak berubah."),
    ),
    Topic(
        code="division",
        urls=("agencies:division", "agencies:division_field", "agencies:division_copy"),
        guides=("kominfo", "pusat"),
        title=_("Pembagian bidang"),
        purpose=_("Siapa mengerjakan apa: bidang demi bidang, kantor demi kantor."),
        first=_("Mulai dari “Perlu diputuskan”: bidang yang dipegang beberapa kantor atau tidak satu pun."),
        then=_("Laporan berikutnya di bidang itu langsung ke kantornya. Yang sudah diteruskan tidak ikut berubah."),
    ),
    Topic(
        code="prefixes",
        urls=("agencies:prefixes", "agencies:prefix_end"),
        guides=("kominfo", "pusat"),
        title=_("Awalan SMS"),
        purpose=_("Kata pendek di depan SMS warga yang menunjuk ke kantor Anda."),
        first=_("Pilih yang mudah diingat dan diucapkan di radio. Satu awalan hanya milik satu kantor."),
        then=_("Berlaku saat itu juga, dan ikut tercetak di poster dan bahan sosialisasi."),
    ),
    Topic(
        code="subsite",
        urls=("agencies:subsite",),
        guides=("kominfo",),
        title=_("Situs daerah"),
        purpose=_("Pintu daerah Anda sendiri ke portal yang sama, dengan nama, lambang, warna, dan nomor teleponnya."),
        first=_("Isi, lihat pratinjaunya, simpan, lalu bukakan untuk warga."),
        then=_("Poster, stiker, dan bahan sosialisasi memakai nama dan lambang ini."),
    ),
    Topic(
        code="promises",
        urls=("complaints:promises",),
        guides=("kominfo",),
        title=_("Janji hari kerja"),
        purpose=_("Janji daerah Anda, kalau lebih cepat daripada aturan nasional."),
        first=_("Janjikan yang sanggup ditepati kantornya. Angka median mereka ada di Pengawasan."),
        then=_("Warga melihatnya di situs daerah dan di halaman laporannya."),
        clock=_("Berlaku untuk laporan baru. Yang sudah berjalan tetap."),
    ),
    Topic(
        code="poster",
        urls=("complaints:poster",),
        guides=("kominfo", "pusat"),
        title=_("Poster dan stiker"),
        purpose=_("Poster A4 dan stiker A6 dengan kode QR ke formulir kantor ini."),
        first=_("Cetak tanpa diperkecil, lalu coba pindai dari jarak satu meter."),
        then=_("Alamat di dalam kode tetap, juga kalau kantornya berganti nama."),
    ),
    Topic(
        code="plans",
        urls=(
            "routing:plans",
            "routing:plan",
            "routing:plan_change",
            "routing:plan_cancel",
            "routing:plan_step",
            "routing:plan_step_remove",
        ),
        guides=("kominfo", "pusat"),
        title=_("Penataan kantor"),
        purpose=_("Merencanakan kantor yang digabung, dipecah, atau berganti nama mulai suatu hari."),
        first=_(
            "Tambah langkah: kantor baru dulu, lalu kantor yang berakhir. Halaman ini memperlihatkan apa yang akan "
            "pindah ke mana."
        ),
        then=_("Pada harinya rencana diperiksa lagi lalu dijalankan, dan Anda mendapat surat tentang hasilnya."),
        clock=_("Laporan yang pindah membawa batas waktunya."),
    ),
    Topic(
        code="clients",
        urls=(
            "agencies:clients",
            "agencies:client",
            "agencies:client_add",
            "agencies:client_rotate",
            "agencies:client_key_end",
            "agencies:client_end",
        ),
        guides=("kominfo", "pusat"),
        title=_("Sistem terhubung"),
        purpose=_("Aplikasi milik instansi yang mengirim atau menjawab laporan lewat API."),
        first=_("Beri izin sesedikit mungkin, buat kuncinya, lalu simpan di tempat rahasia sistem itu."),
        then=_("Kunci hanya tampil sekali. Setiap yang dilakukan sistem itu tercatat dengan namanya."),
    ),
    Topic(
        code="webhooks",
        urls=(
            "routing:webhooks",
            "routing:webhook",
            "routing:webhook_add",
            "routing:webhook_secret",
            "routing:webhook_again",
            "routing:webhook_resume",
            "routing:webhook_end",
        ),
        guides=("kominfo", "pusat"),
        title=_("Webhook"),
        purpose=_("Alamat sistem instansi yang diberi tahu setiap kali laporannya berubah."),
        first=_("Lihat yang gagal dulu: kata penerimanya menjelaskan mengapa."),
        then=_("Kiriman gagal dicoba lagi sampai 72 jam. Ganti rahasianya kalau pernah bocor."),
    ),
    Topic(
        code="outreach",
        urls=("complaints:outreach",),
        guides=("kominfo",),
        title=_("Bahan sosialisasi"),
        purpose=_("Selebaran, poster, naskah radio, salindia, dan pidato untuk memperkenalkan LAPOR! di daerah Anda."),
        first=_("Periksa dulu nama, awalan SMS, dan nomor teleponnya di atas; bahannya memakai persis itu."),
        then=_("Unduh dan cetak. Data berubah? Unduh lagi, karena selebaran lama memuat data lama."),
    ),
)
