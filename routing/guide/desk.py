"""What lies on the desk of an office, and each act on a report."""

from django.utils.translation import gettext_noop as _

from agencies.models import Role
from routing.guide.topic import Topic

TOPICS = (
    Topic(
        code="desk",
        urls=("routing:desk",),
        guides=("opd", "pimpinan", "kominfo", "pusat"),
        title=_("Meja"),
        purpose=_("Di sini semua laporan yang menunggu kantor Anda, yang paling mendesak di atas."),
        first=_("Mulai dari kelompok “Terlambat”, lalu yang hampir habis waktunya: tekan judulnya untuk membuka."),
        then=_("Laporan baru dikabarkan lewat surat pagi; yang mendesak dikirim saat itu juga."),
        clock=_(
            "Tanggal di setiap baris adalah batas waktu kepada pelapor. Dipindahkan ke kantor lain tidak memulai "
            "hitungan dari awal."
        ),
    ),
    Topic(
        code="desk-verify",
        urls=("routing:desk",),
        guides=("kominfo", "pusat"),
        title=_("Meja admin instansi"),
        purpose=_(
            "Di sini laporan yang belum jelas kantornya, yang dikembalikan sebuah kantor, dan yang Anda tangani "
            "sendiri."
        ),
        first=_("Buka yang berstatus “Belum terverifikasi”, periksa sarannya, lalu teruskan ke kantor yang menjawab."),
        then=_("Pelapor dikabari kantor mana yang memegang laporannya; kantor itu membacanya dalam surat pagi."),
        clock=_("Verifikasi punya batas waktu sendiri, dihitung sejak laporan diterima."),
        roles=(Role.COORDINATOR, Role.NATIONAL),
    ),
    Topic(
        code="many",
        urls=("routing:many",),
        guides=("opd", "kominfo"),
        title=_("Tindakan sekaligus"),
        purpose=_("Satu tindakan untuk beberapa laporan yang Anda centang di meja."),
        first=_("Centang laporannya di daftar, pilih tindakan di bawah daftar, lalu periksa lagi daftarnya di sini."),
        then=_(
            "Setiap laporan dicatat sendiri-sendiri dan pelapornya dikabari sendiri-sendiri. Yang tidak bisa disebut "
            "satu per satu dengan alasannya."
        ),
    ),
    Topic(
        code="map",
        urls=("routing:map",),
        guides=("opd", "kominfo", "pusat"),
        title=_("Peta meja"),
        purpose=_("Letak laporan yang menunggu kantor Anda, supaya satu perjalanan bisa membereskan beberapa."),
        first=_("Saring seperti di meja, lalu pilih sebuah titik; daftarnya ada di bawah peta."),
        then=_(
            "Titik penuh berasal dari pelapor. Lingkaran putus-putus hanya berarti di sekitar kecamatan itu. Laporan "
            "rahasia tidak ada di peta."
        ),
    ),
    Topic(
        code="case",
        urls=("routing:case",),
        guides=("opd", "pimpinan", "kominfo", "pusat"),
        title=_("Halaman laporan"),
        purpose=_(
            "Cerita pelapor, percakapan, riwayat, dan batas waktu satu laporan, dengan semua tindakan yang boleh Anda "
            "ambil."
        ),
        first=_(
            "Baca ceritanya, lihat batas waktunya, lalu pilih satu tindakan. Yang tidak boleh sekarang tidak "
            "ditampilkan."
        ),
        then=_(
            "Tanggapan dibaca pelapor, dan semua orang kalau laporannya terbit. Catatan internal hanya dibaca petugas."
        ),
        clock=_(
            "Jawaban pertama dan jawaban akhir masing-masing punya tanggal. Lewat tanggal, yang diingatkan adalah "
            "kantor, lalu admin instansi, lalu pusat."
        ),
    ),
    Topic(
        code="keys",
        urls=(),
        guides=("opd", "kominfo", "pusat"),
        title=_("Tombol pintas"),
        purpose=_("Bekerja di meja tanpa tetikus; selama Anda mengetik di sebuah kolom, tombolnya diam."),
        first=_(
            "Di daftar: j dan k pindah baris, Enter membuka, / mencari. Di laporan: 1, 2, atau 3 menerima saran kantor "
            "bernomor itu, dengan alasannya."
        ),
        then=_(
            "Kalau laporannya akan terbit, teks untuk warga tampil dulu dan Enter meneruskannya; sesudah itu laporan "
            "berikutnya di daftar terbuka. Tanda tanya menampilkan semua tombol dan bisa mematikannya."
        ),
    ),
    Topic(
        code="told",
        urls=("routing:told",),
        guides=("opd", "kominfo", "pusat"),
        title=_("Kabar kepada pelapor"),
        purpose=_("Setiap kabar yang dikirim kepada pelapor, lewat jalan apa, dan sampai atau tidak."),
        first=_("Lihat baris teratas: itulah kabar terakhir yang dibaca pelapor."),
        then=_("Alamat pelapor tidak pernah tampil. Kabar yang gagal dicoba lagi sendiri sebelum menyerah."),
    ),
    Topic(
        code="alike",
        urls=("routing:alike",),
        guides=("opd", "kominfo"),
        title=_("Laporan yang mungkin sama"),
        purpose=_("Laporan lain yang mirip menurut kata, tempat, waktu, dan kategorinya."),
        first=_("Bandingkan dulu. Mirip belum tentu sama."),
        then=_("Pelapor yang laporannya digabung menerima kabar laporan utama. Keliru? Pisahkan lagi."),
        clock=_("Batas waktu laporan yang digabung berhenti. Setelah dipisahkan, sisa harinya berjalan lagi."),
    ),
    Topic(
        code="compare",
        urls=("routing:compare",),
        guides=("opd", "kominfo"),
        title=_("Bandingkan dua laporan"),
        purpose=_("Dua laporan berdampingan, untuk memutuskan apakah masalahnya satu."),
        first=_("Lihat tempat dan waktunya lebih dulu; kata-kata yang sama bisa menyesatkan."),
        then=_(
            "Admin instansi bisa langsung menggabungkan. Petugas kantor mengusulkan, dan admin instansi yang "
            "memutuskan."
        ),
    ),
    Topic(
        code="group",
        urls=("routing:group",),
        guides=("opd", "kominfo"),
        title=_("Laporan yang digabung"),
        purpose=_("Semua laporan yang mengikuti laporan utama ini."),
        first=_("Baca yang meragukan, dan pisahkan yang ternyata masalah lain."),
        then=_("Jawaban Anda pada laporan utama dikabarkan kepada semua pelapornya, tanpa saling membaca ceritanya."),
    ),
    Topic(
        code="forward",
        urls=("routing:forward",),
        guides=("kominfo", "pusat"),
        title=_("Teruskan ke kantor"),
        purpose=_("Memutuskan kantor mana yang harus menjawab laporan ini."),
        first=_("Pilih jenis dan kantornya. Saran teratas disertai alasannya; Anda boleh memilih yang lain."),
        then=_(
            "Laporan yang tidak rahasia terbit tersamar, kecuali Anda menahannya dulu. Pelapor dikabari, dan "
            "kantornya membacanya dalam surat pagi."
        ),
        clock=_("Batas waktu verifikasi berhenti. Batas jawaban pertama dan jawaban akhir mulai berjalan."),
    ),
    Topic(
        code="start",
        urls=("routing:start",),
        guides=("opd",),
        title=_("Mulai kerjakan"),
        purpose=_("Menyatakan bahwa Anda memegang laporan ini."),
        first=_("Periksa dulu bahwa ini memang wewenang kantor Anda."),
        then=_("Pelapor diberi tahu, dan nama Anda tercatat sebagai pemegang."),
        clock=_("Tidak ada batas waktu yang berhenti: jawaban pertama tetap ditunggu."),
    ),
    Topic(
        code="answer",
        urls=("routing:answer",),
        guides=("opd", "pimpinan"),
        title=_("Tanggapan"),
        purpose=_("Menjawab pelapor: apa yang sudah dilihat dan apa langkah berikutnya, dengan tanggal."),
        first=_("Tulis dalam kata sehari-hari. Jangan menulis nama atau alamat orang."),
        then=_("Pelapor dikabari. Di kantor yang memintanya, jawaban menunggu persetujuan pimpinan dulu."),
        clock=_("Tanggapan pertama menepati batas jawaban pertama. Yang masih menunggu persetujuan belum menepatinya."),
    ),
    Topic(
        code="resolve",
        urls=("routing:resolve",),
        guides=("opd", "pimpinan"),
        title=_("Jawaban akhir"),
        purpose=_("Menyatakan hasilnya: sudah dikerjakan, dijadwalkan dengan tanggal, atau tidak bisa, dengan alasan."),
        first=_("Sebut apa yang dikerjakan, kapan, oleh unit mana. Sertakan foto kalau ada."),
        then=_("Pelapor ditanya apakah sudah beres. Kalau belum, laporan kembali dikerjakan dalam putaran baru."),
        clock=_(
            "Hitungan jawaban akhir berhenti sementara, dan giliran pelapor mulai. Kalau ia diam sampai batasnya "
            "sesudah dua pengingat, sistem menutupnya, dan itu tidak dihitung sebagai diterima."
        ),
    ),
    Topic(
        code="note",
        urls=("routing:note",),
        guides=("opd", "pimpinan", "kominfo", "pusat"),
        title=_("Catatan internal"),
        purpose=_("Pesan untuk sesama petugas yang boleh membaca laporan ini."),
        first=_(
            "Tulis apa yang perlu diketahui pemegang berikutnya. Kalau diminta penjelasan, jawabannya ditulis di sini."
        ),
        then=_("Pelapor dan umum tidak membacanya. Catatan tidak bisa diubah sesudah disimpan."),
        clock=_("Catatan tidak menepati batas waktu apa pun."),
    ),
    Topic(
        code="ask",
        urls=("routing:ask",),
        guides=("opd", "kominfo"),
        title=_("Minta keterangan pelapor"),
        purpose=_("Bertanya kalau laporan tidak bisa dikerjakan tanpa jawaban pelapor."),
        first=_(
            "Tanyakan semuanya sekaligus dan sejelas mungkin. Pertanyaan ketiga dalam satu putaran hanya bisa dari "
            "admin instansi."
        ),
        then=_("Pelapor dikabari, dan diingatkan dua kali. Begitu ia menjawab, laporan kembali ke meja Anda."),
        clock=_(
            "Batas waktu kantor berhenti selama menunggu, lalu berjalan lagi dengan sisa harinya. Kalau pelapor diam "
            "sampai batasnya, laporan gugur."
        ),
    ),
    Topic(
        code="unask",
        urls=("routing:unask",),
        guides=("opd", "kominfo"),
        title=_("Batalkan pertanyaan"),
        purpose=_("Menarik pertanyaan yang ternyata tidak perlu dijawab."),
        first=_("Pastikan laporan bisa dikerjakan dengan keterangan yang sudah ada."),
        then=_("Pelapor diberi tahu bahwa ia tidak perlu menjawab lagi."),
        clock=_("Batas waktu kantor berjalan lagi mulai hari ini."),
    ),
    Topic(
        code="pass_on",
        urls=("routing:pass_on",),
        guides=("opd",),
        title=_("Teruskan ke unit"),
        purpose=_("Membagi pekerjaan ke unit di bawah kantor Anda."),
        first=_("Pilih unit yang punya petugas, dan tulis alasannya."),
        then=_("Unit itu dikabari dan menjadi pemegang. Pelapor diberi tahu laporannya sekarang di mana."),
        clock=_("Status dan batas waktu kepada pelapor tidak berubah."),
    ),
    Topic(
        code="hand_back",
        urls=("routing:hand_back",),
        guides=("opd",),
        title=_("Bukan wewenang kami"),
        purpose=_("Mengembalikan laporan yang bukan wewenang kantor Anda, atau mengusulkannya untuk arsip."),
        first=_("Sebut kantor mana yang menurut Anda berwenang; “Saya tidak tahu” juga boleh."),
        then=_("Meja di atas Anda yang memutuskan. Pelapor diberi tahu, dan membaca kantor mana yang Anda sebut."),
        clock=_(
            "Batas waktu kepada pelapor berjalan terus. Penolakan kedua harus diputuskan dalam satu hari kerja, dan "
            "sesudah itu tidak ada kantor yang bisa menolak lagi."
        ),
    ),
    Topic(
        code="invite",
        urls=("routing:invite",),
        guides=("opd", "kominfo"),
        title=_("Minta bantuan kantor lain"),
        purpose=_("Meminta kantor lain mengerjakan satu tugas. Kantor Anda tetap yang menjawab pelapor."),
        first=_("Tulis tugasnya dalam satu dua kalimat, dan pilih foto mana yang boleh dilihatnya."),
        then=_("Kantor itu dikabari dan membaca cerita yang disamarkan, tanpa nama dan kontak pelapor."),
        clock=_("Tugasnya punya tanggal sendiri. Batas waktu Anda kepada pelapor tidak berhenti."),
    ),
    Topic(
        code="uninvite",
        urls=("routing:uninvite",),
        guides=("opd", "kominfo"),
        title=_("Batalkan permintaan bantuan"),
        purpose=_("Menghentikan tugas kantor lain yang tidak diperlukan lagi."),
        first=_("Pilih kantornya dan tulis alasannya."),
        then=_("Kantor itu dikabari, dan sejak itu tidak lagi membaca ceritanya."),
    ),
    Topic(
        code="share",
        urls=("routing:share",),
        guides=("opd", "kominfo"),
        title=_("Bagikan berkas"),
        purpose=_("Memperlihatkan satu berkas lagi dari laporan ini kepada kantor yang sedang membantu."),
        first=_("Pilih hanya yang perlu: foto bisa menunjukkan rumah atau wajah pelapor."),
        then=_("Kantor itu dikabari dan melihatnya selama diminta membantu. Tugas dan tanggalnya tetap."),
    ),
    Topic(
        code="contribute",
        urls=("routing:contribute",),
        guides=("opd",),
        title=_("Kirim hasil bantuan"),
        purpose=_("Menyerahkan hasil tugas kepada kantor yang menjawab pelapor."),
        first=_("Tulis apa yang dikerjakan dan apa yang tersisa; lampirkan foto kalau ada."),
        then=_("Kantor yang menjawab dikabari. Warga tidak membaca tulisan Anda, hanya jawaban kantor itu."),
        clock=_("Yang dihitung adalah tanggal tugas Anda, terpisah dari batas waktu kepada pelapor."),
    ),
    Topic(
        code="decline",
        urls=("routing:decline",),
        guides=("opd",),
        title=_("Tidak bisa membantu"),
        purpose=_("Mengatakan terus terang bahwa kantor Anda tidak bisa mengerjakan tugas ini."),
        first=_("Tulis alasannya, dan kalau tahu, siapa yang bisa."),
        then=_(
            "Kantor yang meminta dikabari supaya bisa mencari jalan lain. Cerita laporannya lalu tertutup bagi Anda."
        ),
    ),
    Topic(
        code="place",
        urls=("routing:place",),
        guides=("kominfo", "pusat"),
        title=_("Titipkan di meja lain"),
        purpose=_("Menyerahkan laporan yang jelas daerahnya tetapi belum jelas kantornya kepada admin daerah itu."),
        first=_("Pilih mejanya dan tulis mengapa."),
        then=_("Admin di sana melihatnya di mejanya dan memutuskan kantornya. Laporan belum terbit."),
        clock=_("Batas waktu verifikasi berjalan terus sejak laporan diterima."),
    ),
    Topic(
        code="move",
        urls=("routing:move",),
        guides=("kominfo", "pusat"),
        title=_("Pindahkan ke kantor lain"),
        purpose=_("Membetulkan kantor yang keliru, atau mengambil laporan ke meja Anda sendiri."),
        first=_("Pilih kantornya dan tulis alasannya; pelapor membaca alasan itu."),
        then=_("Kantor lama, kantor baru, dan riwayat mencatatnya. Pelapor diberi tahu sekarang di mana laporannya."),
        clock=_("Batas waktu kepada pelapor tidak diulang. Hanya giliran kantor baru yang mulai dari awal."),
    ),
    Topic(
        code="nudge",
        urls=("routing:nudge",),
        guides=("kominfo", "pusat"),
        title=_("Ingatkan kantor"),
        purpose=_("Mengingatkan kantor pemegang yang diam."),
        first=_("Tulis apa yang ditunggu dan sampai kapan."),
        then=_("Petugas kantor itu mendapat surat saat itu juga, dan pengingat Anda tercatat di riwayat."),
        clock=_("Batas waktu tidak berubah."),
    ),
    Topic(
        code="summon",
        urls=("routing:summon",),
        guides=("kominfo", "pusat"),
        title=_("Minta penjelasan"),
        purpose=_("Meminta kantor pemegang menjelaskan keadaan satu laporan sampai tanggal tertentu."),
        first=_("Pilih tanggal yang masuk akal, misalnya sehari sebelum rapat mingguan."),
        then=_(
            "Kantor itu dikabari dan menjawab dengan catatan internal. Sampai dijelaskan, laporannya tampil di rapat."
        ),
    ),
    Topic(
        code="reopen",
        urls=("routing:reopen",),
        guides=("kominfo", "pusat"),
        title=_("Buka kembali"),
        purpose=_("Membuka lagi laporan yang ditutup atau diarsipkan dengan keliru."),
        first=_("Tulis alasannya; pelapor dan kantornya membacanya."),
        then=_("Laporan kembali ke kantor terakhir, dan pelapor dikabari."),
        clock=_("Putaran baru: batas waktunya mulai dari awal."),
    ),
    Topic(
        code="publish",
        urls=("routing:publish", "routing:redact"),
        guides=("opd", "kominfo", "pusat"),
        title=_("Salinan untuk umum"),
        purpose=_("Menentukan apa yang dibaca semua orang: judul dan cerita tanpa nama, nomor, dan alamat."),
        first=_("Baca teks yang sudah disamarkan, dan samarkan lagi yang masih menunjuk orang."),
        then=_("Halaman umum, pencarian, dan umpan memakai salinan ini saja. Pelapor tetap membaca ceritanya sendiri."),
    ),
    Topic(
        code="reclassify",
        urls=("routing:reclassify",),
        guides=("opd", "kominfo", "pusat"),
        title=_("Jenis atau kategori"),
        purpose=_("Membetulkan jenis, kategori, atau kadar pengawasan sebuah laporan."),
        first=_("Ubah hanya yang keliru, dan tulis alasannya."),
        then=_("Kalau tanggal jawaban akhir bergeser, pelapor dikabari."),
        clock=_(
            "Jawaban akhir dihitung ulang dari hari pertamanya. Tanggal yang sudah ditunjukkan tidak dimajukan selain "
            "oleh janji yang lebih pendek."
        ),
    ),
    Topic(
        code="locate",
        urls=("routing:locate",),
        guides=("opd", "kominfo", "pusat"),
        title=_("Tempat kejadian"),
        purpose=_("Membenarkan atau membetulkan tempat yang terbaca dari teks laporan."),
        first=_("Tulis kecamatan, desa, atau kelurahannya, lalu kabupaten atau kotanya."),
        then=_(
            "Laporan yang sama, lonjakan, dan peta meja memakai tempat itu. Yang dipilih pelapor dan salinan umum "
            "tidak berubah."
        ),
    ),
    Topic(
        code="tighten",
        urls=("routing:tighten",),
        guides=("opd", "kominfo", "pusat"),
        title=_("Rahasiakan"),
        purpose=_("Lebih menutup sebuah laporan: namanya, isinya, atau keduanya."),
        first=_("Pilih “rahasia” kalau isinya sendiri membahayakan pelapor."),
        then=_("Salinan umum langsung hilang. Kantor yang dulu memegangnya tidak bisa membacanya lagi."),
        clock=_("Hanya pelapor yang bisa membukanya lagi."),
    ),
    Topic(
        code="exclude",
        urls=("routing:exclude",),
        guides=("kominfo", "pusat"),
        title=_("Jauhkan dari kantor"),
        purpose=_("Menjauhkan laporan tentang pimpinan atau petugas dari kantor yang dilaporkan."),
        first=_("Pilih kantor yang dilaporkan. Semua unit di bawahnya ikut dijauhkan."),
        then=_(
            "Laporan pindah saat itu juga, biasanya ke inspektorat. Kantor itu tidak bisa membacanya lewat jalan apa "
            "pun."
        ),
    ),
    Topic(
        code="offer_lane",
        urls=("routing:offer_lane",),
        guides=("opd", "kominfo", "pusat"),
        title=_("Tawarkan jalur pengungkapan"),
        purpose=_("Memberi tahu pelapor bahwa ada jalur yang hanya dibaca tim kecil."),
        first=_("Pakai untuk laporan tentang perilaku yang membahayakan pelapornya."),
        then=_("Tawarannya hanya ada di halaman laporan, tanpa surat. Tidak ada yang tahu apakah pelapor memakainya."),
    ),
    Topic(
        code="tag",
        urls=("routing:tag", "routing:untag"),
        guides=("kominfo", "pusat"),
        title=_("Program prioritas"),
        purpose=_("Memasukkan laporan ke program prioritas, atau melepaskannya."),
        first=_("Pilih programnya dan tulis mengapa."),
        then=_(
            "Yang ditandai tampil di halaman program, dan pengawas program membacanya tersamar. Laporan rahasia tidak "
            "tampil di sana."
        ),
        clock=_("Janji program yang lebih cepat berlaku kalau laporan ditandai paling lambat pada hari diteruskan."),
    ),
    Topic(
        code="merge",
        urls=("routing:merge",),
        guides=("kominfo", "pusat"),
        title=_("Gabungkan"),
        purpose=_("Menyatukan laporan tentang masalah yang sama, supaya dijawab sekali."),
        first=_("Tulis nomor laporan utamanya, dan penjelasan singkat untuk pelapor."),
        then=_(
            "Pelapornya membaca penjelasan Anda di halaman laporannya, dan sejak itu menerima kabar laporan utama. "
            "Cerita orang lain tidak dibacanya."
        ),
        clock=_("Batas waktu laporan ini berhenti; yang berjalan adalah batas laporan utama."),
    ),
    Topic(
        code="unmerge",
        urls=("routing:unmerge",),
        guides=("kominfo", "pusat"),
        title=_("Pisahkan"),
        purpose=_("Memisahkan laporan yang keliru digabung."),
        first=_("Tulis mengapa masalahnya berbeda."),
        then=_("Laporan terbuka lagi di kantornya, dan pelapornya dikabari."),
        clock=_("Batas waktunya berjalan lagi dengan sisa harinya."),
    ),
    Topic(
        code="archive",
        urls=("routing:archive",),
        guides=("kominfo", "pusat"),
        title=_("Arsipkan"),
        purpose=_(
            "Menutup laporan yang tidak bisa dijawab di sini: bukan pelayanan publik, tidak jelas, sedang di "
            "pengadilan, atau penyalahgunaan."
        ),
        first=_("Pilih dasarnya, dan jelaskan kepada pelapor apa yang masih bisa ia lakukan."),
        then=_("Pelapor membaca penjelasan Anda dan boleh membukanya lagi satu kali."),
        clock=_("Semua batas waktu berhenti. Yang sudah lewat tetap tercatat di daftar yang belum dijawab."),
    ),
    Topic(
        code="reveal",
        urls=("routing:reveal",),
        guides=("pusat",),
        title=_("Buka identitas pelapor"),
        purpose=_("Melihat siapa pelapornya, kalau tanpa itu laporan tidak bisa ditangani."),
        first=_("Tulis alasan yang berani dibaca pelapornya."),
        then=_(
            "Pembukaan tercatat dan pelapor melihatnya. Nama yang disembunyikan baru terbuka sesudah admin nasional "
            "kedua menyetujui."
        ),
        clock=_("Permintaan gugur sendiri sesudah 24 jam."),
    ),
    Topic(
        code="approve",
        urls=("routing:approve", "routing:return"),
        guides=("pimpinan", "kominfo"),
        title=_("Menyetujui jawaban"),
        purpose=_("Membaca jawaban petugas sebelum pelapor melihatnya."),
        first=_("Periksa: apakah pertanyaannya terjawab, ada tanggalnya, dan bisa dipahami warga?"),
        then=_(
            "Disetujui: jawaban dikirim saat itu juga. Dikembalikan: penulisnya membaca alasan Anda dan memperbaikinya."
        ),
        clock=_("Batas waktu berjalan terus sampai Anda menyetujui."),
    ),
    Topic(
        code="helping",
        urls=("routing:helping",),
        guides=("opd", "kominfo"),
        title=_("Diminta membantu"),
        purpose=_("Tugas yang diminta kantor lain dari kantor Anda."),
        first=_("Buka yang paling dekat tanggalnya, kerjakan, lalu kirim hasilnya."),
        then=_("Hasilnya dibaca kantor yang menjawab pelapor. Selesai dikirim, ceritanya tidak tampil lagi di sini."),
        clock=_("Setiap tugas punya tanggal sendiri, dan yang lewat naik sendiri ke atasan."),
    ),
    Topic(
        code="recommendations",
        urls=("routing:recommendations",),
        guides=("opd", "pimpinan", "kominfo"),
        title=_("Rekomendasi Ombudsman"),
        purpose=_("Rekomendasi Ombudsman untuk kantor Anda, dan jawaban Anda."),
        first=_("Jawab dengan apa yang sudah dan akan dilakukan, beserta tanggalnya."),
        then=_("Pemeriksa dan pelapor membaca jawaban Anda. Pelaksanaannya dinilai Ombudsman dan terbaca umum."),
        clock=_("Setiap rekomendasi punya tanggal jawabnya sendiri."),
    ),
    Topic(
        code="counter",
        urls=("routing:counter",),
        guides=("loket",),
        title=_("Loket"),
        purpose=_("Mencatat laporan warga yang datang, menelepon, atau bersurat."),
        first=_(
            "Tanyakan dulu apakah ada bahaya sekarang; kalau ya, minta menelepon 112. Lalu tulis ceritanya dengan "
            "kata-kata warga sendiri."
        ),
        then=_(
            "Laporan dikirim ke kantor yang berwenang, bukan otomatis ke kantor Anda. Warga mendapat nomor dan kunci "
            "di tanda terima."
        ),
        clock=_("Batas waktu kepada warga dihitung dari hari Anda menyimpannya, jadi jangan menunda."),
    ),
    Topic(
        code="counter_receipt",
        urls=("routing:counter_receipt",),
        guides=("loket",),
        title=_("Tanda terima"),
        purpose=_("Nomor dan kunci laporan, untuk dicetak atau dibacakan."),
        first=_("Cetak sekarang, atau eja nomor dan kuncinya per empat huruf."),
        then=_("Kunci hanya tampil sekali. Sesudah halaman ini ditutup tidak ada yang bisa memunculkannya lagi."),
    ),
    Topic(
        code="counter_phone",
        urls=("routing:counter_phone",),
        guides=("loket",),
        title=_("Pastikan nomor HP"),
        purpose=_("Memastikan nomor HP itu milik warga di depan Anda, supaya kabar tidak sampai ke orang lain."),
        first=_("Minta warga membacakan kode dari SMS, lalu tulis di sini."),
        then=_("Sesudah itu setiap kabar datang lewat SMS. Tanpa kode pun laporan tetap berjalan."),
    ),
    Topic(
        code="my-leave",
        urls=("agencies:my_leave",),
        guides=("opd", "pimpinan", "kominfo"),
        title=_("Cuti saya"),
        purpose=_("Mencatat hari cuti Anda dan siapa yang menggantikan."),
        first=_("Isi hari pertama dan terakhir, lalu pilih penggantinya."),
        then=_(
            "Pengganti diberi tahu dan menerima kabar Anda pada hari-hari itu. Sesudahnya semuanya kembali sendiri."
        ),
        clock=_("Batas waktu laporan tidak ikut cuti."),
    ),
    Topic(
        code="devices",
        urls=("complaints:officer-devices",),
        guides=("opd", "pimpinan", "kominfo", "pusat"),
        title=_("Kabar di gawai"),
        purpose=_("Membuat gawai ini berbunyi kalau ada kabar untuk meja Anda."),
        first=_("Tekan tombolnya di setiap gawai yang ingin dikabari."),
        then=_("Layarnya hanya menampilkan “Ada kabar”, tanpa isi. Keluar dari akun menghentikannya di gawai ini."),
    ),
    Topic(
        code="account",
        urls=("agencies:account", "agencies:act_as"),
        guides=("opd", "pimpinan", "kominfo", "pusat"),
        title=_("Akun"),
        purpose=_("Nama, cara masuk, dan peran yang sedang Anda pakai."),
        first=_("Punya beberapa peran? Pilih yang dipakai sekarang. Pasang juga masuk dua langkah."),
        then=_("Yang Anda lihat dan boleh lakukan mengikuti peran yang dipilih."),
    ),
)
