"""Queues, numbers and meetings: whoever sees to it that offices answer."""

from django.utils.translation import gettext_noop as _

from routing.guide.topic import Topic

TOPICS = (
    Topic(
        code="oversight",
        urls=("routing:oversight", "routing:oversight_of"),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Pengawasan"),
        purpose=_("Kantor mana yang punya laporan terbuka, mana yang terlambat, dan mana yang diam."),
        first=_("Mulai dari yang diam, lalu dari yang terlambat. Tekan sebuah angka untuk melihat laporannya."),
        then=_(
            "Admin instansi mengingatkan kantor dari barisnya, dan dari laporannya memindahkan atau meminta penjelasan."
        ),
        clock=_("Lewat satu hari kerja kantor dan pimpinannya diingatkan, dua hari admin instansi, lima hari pusat."),
    ),
    Topic(
        code="oversight-office",
        urls=(),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Pengawasan satu kantor"),
        purpose=_(
            "Keadaan satu kantor: yang terlambat dan pada siapa, serta jawaban yang menunggu persetujuan pimpinannya."
        ),
        first=_("Pimpinan menyetujui dulu yang menunggu: selama itu pelapor tidak melihat apa-apa."),
        then=_("Bandingkan dengan masa lalu kantor itu sendiri, baru dengan median daerah."),
        clock=_("Setiap Senin pagi pimpinan mendapat surat tentang yang harus diselesaikan minggu itu."),
    ),
    Topic(
        code="oversight-nation",
        urls=(),
        guides=("pusat",),
        title=_("Pengawasan dari pusat"),
        purpose=_(
            "Semua instansi: yang terbuka, yang terlambat, yang tidak punya koordinator, dan yang menunggu di meja "
            "nasional."
        ),
        first=_("Mulai dari “Yang menunggu di pusat”, lalu turun dari provinsi ke daerah ke kantor."),
        then=_("Angkanya dihitung di belakang; jam hitungnya tertulis di atas."),
    ),
    Topic(
        code="territory",
        urls=("routing:territory",),
        guides=("pusat",),
        title=_("Kabupaten dan kota"),
        purpose=_("Jumlah laporan setiap kabupaten dan kota di provinsi, juga yang tidak punya satu pun."),
        first=_("Lihat daerah tanpa laporan: sedikit laporan tidak berarti tidak ada masalah."),
        then=_("Provinsi membaca jumlah dan laporan yang naik, bukan berkasnya."),
        clock=_("Laporan yang lewat batas dua hari kerja tampil di sini sebagai “Naik”."),
    ),
    Topic(
        code="oversight-cases",
        urls=("routing:oversight_cases", "routing:oversight_nudge"),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Laporan sebuah kantor"),
        purpose=_("Laporan terbuka satu kantor, dari yang paling mendesak."),
        first=_("Centang yang perlu diingatkan, atau ingatkan kantornya sekaligus."),
        then=_("Petugasnya mendapat surat saat itu juga, dan tercatat siapa yang mengingatkan."),
    ),
    Topic(
        code="measures",
        urls=("routing:measures",),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Angka"),
        purpose=_("Semua ukuran sebuah kantor dalam satu masa, berdampingan dengan masa lain."),
        first=_("Pilih masanya. Tanda tanya di samping sebuah ukuran membuka rumus dan dasar hukumnya."),
        then=_("Setiap angka membuka laporan di baliknya, dan bisa diunduh sebagai CSV, XLSX, atau PDF."),
        clock=_("Kantor dinilai dari gilirannya sendiri; janji kepada warga dari batas waktunya."),
    ),
    Topic(
        code="measure-cases",
        urls=("routing:measure_cases",),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Laporan di balik angka"),
        purpose=_("Laporan yang dihitung sebuah angka."),
        first=_("Buka beberapa untuk memahami angkanya."),
        then=_(
            "Daftar ini bisa lebih pendek daripada angkanya: yang rahasia dan yang sudah pindah dihitung tetapi tidak "
            "tampil."
        ),
    ),
    Topic(
        code="bounces",
        urls=("routing:bounces", "routing:bounces_of"),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Laporan yang dikembalikan"),
        purpose=_("Kantor yang menolak laporan karena bukan wewenangnya, dan kantor mana yang disebutnya."),
        first=_("Lihat pasangan yang saling menolak, lalu sepakati siapa yang menangani."),
        then=_("Tulis kesepakatannya sebagai aturan: laporan berikutnya langsung ke sana."),
        clock=_("Penolakan kedua dalam satu putaran harus diputuskan dalam satu hari kerja."),
    ),
    Topic(
        code="download",
        urls=("routing:download",),
        guides=("kominfo", "pusat"),
        title=_("Unduh data"),
        purpose=_("Laporan kantor Anda sebagai tabel, dengan kolom ekspor SP4N-LAPOR!."),
        first=_("Pilih masanya, dan unduh hanya yang diperlukan."),
        then=_("Isi laporan rahasia dan kontak pelapor tidak ikut. Setiap unduhan tercatat."),
    ),
    Topic(
        code="meeting",
        urls=("routing:meeting", "routing:meeting_office", "routing:meeting_end"),
        guides=("pimpinan", "kominfo"),
        title=_("Rapat mingguan"),
        purpose=_("Satu layar untuk setiap kantor, untuk dibaca bersama di rapat atau dicetak."),
        first=_(
            "Mulai dari kantor pertama; yang diam dan yang terlambat lebih dulu. Tombol panah membuka kantor "
            "berikutnya."
        ),
        then=_("Catat kesepakatan dengan tanggal. Minggu depan halaman ini menanyakan apakah ditepati."),
    ),
    Topic(
        code="programmes",
        urls=("routing:programmes", "routing:programme"),
        guides=("pimpinan", "kominfo", "pusat"),
        title=_("Program prioritas"),
        purpose=_("Laporan yang ditandai sebuah program, di kantor mana pun ia ditangani."),
        first=_("Lihat yang terlambat, lalu buka menurut provinsi."),
        then=_("Pengawas program membaca laporannya tersamar dan tidak mengubah apa pun."),
        clock=_("Program boleh berjanji lebih cepat daripada kantornya."),
    ),
    Topic(
        code="rises",
        urls=("routing:rises", "routing:rise"),
        guides=("kominfo", "pusat"),
        title=_("Lonjakan laporan"),
        purpose=_("Topik yang di sebuah kecamatan tiba-tiba jauh lebih sering dilaporkan daripada biasanya."),
        first=_("Buka laporannya. Satu masalah? Gabungkan; lalu catat penilaian Anda."),
        then=_("Admin daerahnya mendapat surat. Topik dan tempat yang sama lalu diam tujuh hari."),
    ),
)
