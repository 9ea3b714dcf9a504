"""A district's year, and how it is judged."""

from django.utils.translation import gettext_noop as _

from routing.guide.topic import Topic

TOPICS = (
    Topic(
        code="evaluation-years",
        urls=("routing:evaluation_years", "routing:evaluation_year"),
        guides=("kominfo",),
        title=_("Evaluasi daerah Anda"),
        purpose=_("Tahun evaluasi daerah Anda: angkanya, buktinya, nilainya, dan keberatannya."),
        first=_("Periksa angkanya satu per satu; setiap angka membuka laporannya."),
        then=_(
            "Sesudah Anda menyatakan sudah diperiksa, evaluator menilai buktinya. Setiap tahap dikabarkan lewat surat."
        ),
        clock=_("Setiap tahap punya tanggal terakhir, tertulis di samping."),
    ),
    Topic(
        code="evaluation-check",
        urls=("routing:evaluation_check", "routing:evaluation_objection"),
        guides=("kominfo",),
        title=_("Pernyataan dan keberatan"),
        purpose=_("Menyatakan angka sudah diperiksa, atau menyampaikan yang menurut Anda keliru."),
        first=_("Sebut angka mana dan laporan mana. Angka dari kejadian tidak berubah oleh pernyataan."),
        then=_("Evaluator memutuskan dengan alasan, dan Anda mendapat surat."),
        clock=_("Hanya bisa sampai hari terakhir tahap ini."),
    ),
    Topic(
        code="evaluation-sign",
        urls=("routing:evaluation_sign",),
        guides=("pimpinan",),
        title=_("Tanda tangan pimpinan daerah"),
        purpose=_("Menyatakan bahwa pimpinan daerah sudah membaca angka, bukti, dan komentar daerahnya."),
        first=_("Baca angkanya dulu. Yang keliru disampaikan lewat admin instansi."),
        then=_("Tanda tangan ikut terbit. Kalau daerah mengubah komentar atau buktinya, tanda tangan diminta lagi."),
        clock=_("Hanya bisa sampai hari terakhir tahap pemeriksaan."),
    ),
    Topic(
        code="evaluation-evidence",
        urls=("routing:evaluation_evidence", "routing:evaluation_withdraw"),
        guides=("kominfo",),
        title=_("Bukti"),
        purpose=_("Menyampaikan bukti: SK, komitmen bersama, rencana aksi, dan sosialisasi."),
        first=_("Unggah satu berkas untuk satu bukti, dengan keterangan singkat."),
        then=_("Evaluator membacanya dan memberi nilai. Yang keliru bisa Anda tarik selama tahapnya berjalan."),
        clock=_("Hanya bisa sampai hari terakhir tahap ini."),
    ),
    Topic(
        code="evaluating",
        urls=(
            "routing:evaluating",
            "routing:evaluating_cycle",
            "routing:evaluating_act",
            "routing:evaluating_edition",
            "routing:evaluating_again",
        ),
        guides=("pusat",),
        title=_("Menjalankan evaluasi"),
        purpose=_("Satu tahun evaluasi dari pengumpulan angka sampai terbit."),
        first=_("Siapkan tahunnya, tunggu angkanya, lalu bukakan untuk daerah."),
        then=_(
            "Sebelum terbit semua angka dihitung ulang. Yang berbeda menahan penerbitan; yang terbit tidak bisa diubah."
        ),
        clock=_("Setiap tahap punya hari terakhir, dan daerah dikabari."),
    ),
    Topic(
        code="evaluating-district",
        urls=("routing:evaluating_district", "routing:evaluating_score", "routing:evaluating_objection"),
        guides=("pusat",),
        title=_("Menilai sebuah daerah"),
        purpose=_("Bukti dan keberatan satu daerah, dan nilai Anda."),
        first=_("Nilai hanya buktinya. Angka berasal dari kejadian dan tidak dinilai."),
        then=_("Alasan Anda dibaca daerah itu."),
    ),
    Topic(
        code="evaluating-method",
        urls=("routing:evaluating_method",),
        guides=("pusat",),
        title=_("Cara menghitung"),
        purpose=_("Bobot, kelompok, dan predikat, dengan dasar hukumnya."),
        first=_("Tulis versi baru beserta alasannya; versi lama tidak pernah diubah."),
        then=_("Tahun yang sudah disiapkan tetap memakai versinya."),
    ),
    Topic(
        code="reviews",
        urls=("routing:reviews", "routing:sample", "routing:sample_draw"),
        guides=("pusat",),
        title=_("Mutu jawaban"),
        purpose=_("Jawaban akhir yang terpilih dengan undian, dibaca dua orang."),
        first=_("Kerjakan giliran Anda, yang paling dekat tanggalnya dulu."),
        then=_("Nilai pembaca lain baru tampil sesudah semuanya selesai. Berbeda jauh? Pembaca ketiga menilai."),
        clock=_("Setiap giliran punya tanggal. Yang tidak dikerjakan berpindah ke pembaca lain."),
    ),
    Topic(
        code="reading",
        urls=("routing:reading",),
        guides=("pusat",),
        title=_("Membaca sebuah jawaban"),
        purpose=_("Menilai satu jawaban: menjawab pertanyaan, menyebut tindakan, ada bukti, mudah dipahami."),
        first=_("Baca ceritanya dulu, lalu jawabannya. Kenal orangnya? Serahkan ke pembaca lain."),
        then=_("Penilaian tidak bisa diubah sesudah disimpan. Yang terlihat mesin hanya bantuan dan tidak dihitung."),
    ),
    Topic(
        code="signals",
        urls=("routing:signals", "routing:signals_of"),
        guides=("pusat",),
        title=_("Tanda yang perlu dilihat"),
        purpose=_("Angka yang jauh lebih sering daripada di instansi sejenis, misalnya ditutup terlalu cepat."),
        first=_("Bandingkan bagiannya, buka beberapa laporan, lalu tanyakan ke instansinya."),
        then=_("Ini bukan tuduhan. Yang mengubah nilai hanya catatan evaluator."),
    ),
)
