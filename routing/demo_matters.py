"""What the invented history is about (`routing.demo_history`): every word is ours, nobody wrote them. No person is
named; {place} is a kelurahan or desa."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.models import Kind


@dataclass(frozen=True)
class Matter:
    """One trouble and what its office says of it; blank: the words any office would find. `help`: the task another
    office is given, the same in a few words for the reporter, and what it gave."""

    office: str
    category: str
    title: str
    body: str
    kind: str = Kind.PENGADUAN
    answer: str = ""
    done: str = ""
    helper: str = ""
    help: tuple[str, str, str] = ("", "", "")
    question: str = "Di sebelah mana tepatnya, dan sejak kapan?"
    again: str = "Belum seperti yang ditulis. Kami lihat lagi tadi pagi, keadaannya masih sama."


PU, HEALTH = "Dinas Pekerjaan Umum dan Penataan Ruang", "Dinas Kesehatan"
CIVIL, WASTE = "Dinas Kependudukan dan Pencatatan Sipil", "Dinas Lingkungan Hidup"
SOCIAL, SCHOOL, TRAFFIC = "Dinas Sosial", "Dinas Pendidikan", "Dinas Perhubungan"

MATTERS: tuple[Matter, ...] = (
    Matter(
        PU, "Jalan Berlubang", "Jalan berlubang di {place}",
        "Jalan utama {place} berlubang di banyak tempat, yang paling dalam dekat simpang. Kalau hujan lubangnya tidak "
        "kelihatan dan motor sering jatuh.",
        answer="Hari ini tim mengukur lubangnya: sebelas titik. Penambalan mulai Senin depan.",
        done="Sebelas lubang sudah ditambal dengan aspal panas dan dipadatkan.",
        again="Tambalannya sudah lepas sebelum sebulan. Mohon diperbaiki dengan benar.",
    ),
    Matter(
        PU, "Drainase", "Selokan tersumbat di {place}",
        "Selokan sepanjang jalan {place} penuh tanah. Setiap hujan air masuk ke halaman dan menggenang semalaman.",
        answer="Alat pengeruk dijadwalkan hari Kamis; warga kami minta memindahkan kendaraan dari tepi jalan.",
        done="Selokan sudah dikeruk sepanjang dua ratus meter dan tanahnya diangkut.",
        helper=WASTE,
        help=(
            "Angkut tanah galian selokan pada hari pengerukan.", "mengangkut tanah galian",
            "Dua truk sudah mengangkut tanahnya ke tempat pembuangan.",
        ),
    ),
    Matter(
        PU, "Jembatan", "Lantai jembatan di {place} lapuk",
        "Tiga papan lantai jembatan di {place} sudah patah. Anak sekolah lewat sambil melompat.",
        answer="Papan pengganti sedang dipotong di bengkel. Sementara itu jembatan kami beri pagar pengaman.",
        done="Lima papan sudah diganti dan bautnya dikencangkan.",
    ),
    Matter(
        PU, "Bendungan dan Irigasi", "Pintu air irigasi {place} macet",
        "Pintu air di {place} tidak bisa dibuka sejak panen lalu. Sawah di bagian hilir kering.",
        answer="Juru air sudah memeriksa: ulirnya patah. Suku cadangnya kami pesan, datang tanggal 20.",
        done="Ulir pintu air diganti dan sudah dicoba bersama kelompok tani.",
        again="Pintunya terbuka sebagian saja, air tetap tidak sampai ke petak paling ujung.",
    ),
    Matter(
        PU, "Trotoar", "Trotoar di {place} rusak dan licin",
        "Ubin trotoar di {place} banyak yang lepas. Ibu-ibu dengan kereta bayi turun ke jalan raya.",
    ),
    Matter(
        PU, "Jalan", "Kapan jalan {place} diperlebar?",
        "Tahun lalu patok sudah dipasang di {place}. Kapan pekerjaannya dimulai?",
        kind=Kind.PERMINTAAN_INFORMASI,
        done="Pelebaran masuk rencana tahun depan; lelang dibuka triwulan pertama. Gambarnya bisa dilihat di kantor.",
    ),
    Matter(
        PU, "Drainase", "Usul sumur resapan di {place}",
        "Kami usul dibuatkan sumur resapan di lapangan {place} supaya air hujan tidak lari ke rumah warga.",
        kind=Kind.ASPIRASI,
        done="Usul dicatat sebagai nomor 14 dalam daftar musyawarah rencana pembangunan kecamatan.",
    ),
    Matter(
        HEALTH, "Fasilitas Layanan Kesehatan", "Puskesmas {place} tutup lebih awal",
        "Papan menulis buka sampai jam dua siang, tetapi jam sebelas loket puskesmas {place} sudah tutup.",
        answer="Kepala puskesmas kami panggil besok. Jadwal petugas loket kami susun ulang.",
        done="Loket sekarang dijaga bergantian sampai jam dua. Nomor pengaduan dipasang di pintu.",
        again="Kemarin jam dua belas tetap sudah tutup.",
    ),
    Matter(
        HEALTH, "Infrastruktur Kesehatan", "Atap posyandu {place} bocor",
        "Atap posyandu di {place} bocor, timbangan bayi basah dan penimbangan pindah ke teras.",
        answer="Dana pemeliharaan cukup untuk mengganti seng; tukang datang minggu ini.",
        done="Delapan lembar seng sudah diganti.",
        helper=PU,
        help=(
            "Periksa apakah rangka atap posyandu masih kuat.", "memeriksa rangka atap",
            "Rangkanya masih kuat, cukup ganti seng dan dua kaso.",
        ),
    ),
    Matter(
        HEALTH, "SDM Tenaga Kesehatan", "Bidan di {place} belum ada penggantinya",
        "Bidan desa {place} pindah dua bulan lalu dan belum diganti. Ibu hamil harus ke kecamatan.",
    ),
    Matter(
        HEALTH, "Kesehatan", "Jadwal imunisasi di {place}",
        "Hari apa imunisasi bulan ini di {place}, dan buku apa yang harus dibawa?",
        kind=Kind.PERMINTAAN_INFORMASI,
        done="Hari Rabu minggu kedua, mulai jam delapan. Bawa buku kesehatan ibu dan anak.",
    ),
    Matter(
        CIVIL, "KTP", "KTP belum jadi sejak perekaman di {place}",
        "Perekaman di kantor camat {place} sudah lama, setiap ditanya katanya blangko habis.",
        answer="Blangko datang hari Senin. Nomor antrean Anda sudah kami pindahkan ke depan.",
        done="KTP sudah dicetak dan bisa diambil di loket tiga, tanpa biaya.",
    ),
    Matter(
        CIVIL, "Kartu Keluarga", "Kartu keluarga salah alamat di {place}",
        "Alamat di kartu keluarga kami tertulis dusun lain di {place}. Bank menolak berkasnya.",
        answer="Datanya sudah kami betulkan; berkas baru menunggu tanda tangan elektronik.",
        done="Kartu keluarga yang betul sudah dikirim sebagai berkas PDF dan bisa dicetak sendiri.",
    ),
    Matter(
        CIVIL, "Akta", "Syarat akta kelahiran yang terlambat di {place}",
        "Anak tetangga di {place} sudah lima tahun dan belum punya akta. Apa saja syaratnya?",
        kind=Kind.PERMINTAAN_INFORMASI,
        done="Cukup surat keterangan lahir atau surat pernyataan, kartu keluarga, dan dua saksi. Tidak dipungut biaya.",
    ),
    Matter(
        CIVIL, "Pindah Domisili", "Surat pindah dari {place} tertahan",
        "Surat pindah dari {place} diajukan lewat aplikasi, statusnya tetap menunggu.",
        done="Surat pindah sudah terbit; penyebabnya foto berkas yang terpotong.",
    ),
    Matter(
        WASTE, "Sampah", "Sampah menumpuk di {place}",
        "Truk sampah tidak datang ke {place} dua minggu. Baunya sampai ke sekolah.",
        answer="Truk cadangan berangkat besok pagi; jadwal tetapnya kembali Selasa dan Jumat.",
        done="Tumpukan sudah diangkut tiga rit dan tempatnya disemprot.",
        again="Diangkut sekali, sesudah itu truknya tidak datang lagi.",
    ),
    Matter(
        WASTE, "Pencemaran", "Air parit di {place} hitam dan berbau",
        "Air parit di {place} menjadi hitam sejak ada pencucian di hulu. Ikan di kolam mati.",
        answer="Contoh air sudah diambil di tiga titik dan dikirim ke laboratorium; hasilnya sepuluh hari.",
        done="Hasil laboratorium melewati baku mutu. Usahanya kami tegur tertulis dan wajib membuat bak penampung.",
        helper=HEALTH,
        help=(
            "Periksa apakah sumur warga di hilir parit masih aman.", "memeriksa air sumur",
            "Lima sumur diperiksa: tiga aman, dua jangan diminum dulu.",
        ),
    ),
    Matter(
        WASTE, "Sampah", "Usul bank sampah di {place}",
        "Pemuda {place} siap mengelola bank sampah kalau dibantu timbangan dan tempat.",
        kind=Kind.ASPIRASI,
        done="Timbangan dan dua tong bisa dipinjam; pelatihannya tanggal 12 di balai desa.",
    ),
    Matter(
        SOCIAL, "Bansos Daerah", "Bantuan tidak sampai ke warga {place}",
        "Nama kami ada di daftar penerima {place}, tetapi sudah dua kali pembagian tidak dipanggil.",
        answer="Daftarnya kami cocokkan dengan data desa; hasilnya kami kabarkan hari Senin.",
        done="Nama Anda tertukar dengan dusun lain. Bantuan dua bulan sudah diserahkan di balai desa.",
    ),
    Matter(
        SOCIAL, "Data Terpadu", "Ibu lanjut usia di {place} belum terdata",
        "Tetangga kami di {place} hidup sendiri, belum pernah didata untuk bantuan apa pun.",
        answer="Pendamping sosial berkunjung hari Rabu bersama ketua RT.",
    ),
    Matter(
        SOCIAL, "Sosial", "Cara mengajukan kursi roda dari {place}",
        "Bagaimana mengajukan kursi roda untuk tetangga di {place}?",
        kind=Kind.PERMINTAAN_INFORMASI,
        done="Bawa surat keterangan desa dan foto; kursi roda diantar paling lama dua minggu.",
    ),
    Matter(
        SCHOOL, "Biaya Sekolah", "Iuran wajib di sekolah {place}",
        "Sekolah di {place} meminta iuran perpisahan dan rapor ditahan kalau belum bayar.",
        answer="Pengawas sekolah datang besok. Rapor tidak boleh ditahan.",
        done="Rapor sudah dibagikan dan iuran dikembalikan; sekolah mendapat teguran tertulis.",
        again="Rapornya dibagikan, uangnya belum kembali.",
    ),
    Matter(
        SCHOOL, "Pendidikan", "Ruang kelas bocor di {place}",
        "Dua ruang kelas di {place} bocor. Murid pindah duduk setiap hujan.",
        helper=PU,
        help=(
            "Hitung biaya perbaikan atap dua ruang kelas.", "menghitung biaya atap",
            "Perkiraan biayanya sudah kami kirim, termasuk ganti kaso.",
        ),
    ),
    Matter(
        SCHOOL, "Penerimaan Murid Baru", "Zonasi murid baru di {place}",
        "Rumah kami di {place} lebih dekat ke sekolah ini, tetapi namanya tidak masuk. Bagaimana jaraknya dihitung?",
        kind=Kind.PERMINTAAN_INFORMASI,
        done="Jarak dihitung dari titik rumah menurut kartu keluarga. Titik Anda sudah kami betulkan.",
    ),
    Matter(
        TRAFFIC, "Penerangan Jalan", "Lampu jalan di {place} mati",
        "Lima lampu jalan berderet di {place} mati. Malam hari gelap sekali dan rawan.",
        answer="Regu listrik sudah memeriksa: kabelnya terputus. Pemasangan hari Kamis malam.",
        done="Kabel disambung, lima lampu menyala lagi.",
        again="Menyala tiga malam, lalu mati lagi dua lampu.",
    ),
    Matter(
        TRAFFIC, "Parkir", "Parkir liar di depan pasar {place}",
        "Mobil barang parkir dua lapis di depan pasar {place} sejak subuh.",
        helper="Satuan Polisi Pamong Praja",
        help=(
            "Bantu penertiban parkir hari Sabtu pagi.", "menertibkan parkir",
            "Enam petugas ikut; sebelas kendaraan ditegur.",
        ),
    ),
    Matter(
        TRAFFIC, "Angkutan Darat", "Angkutan desa {place} tidak lewat lagi",
        "Sejak bulan lalu angkutan tidak sampai ke {place}, anak sekolah menumpang bak terbuka.",
    ),
)  # fmt: skip

ON_THE_WAY: tuple[str, ...] = (
    "Terima kasih. Tim kami sudah melihat tempatnya hari ini dan menyusun kebutuhan bahan; kabar berikutnya Jumat.",
    "Kami sudah menghubungi perangkat desa. Pekerjaannya dijadwalkan minggu depan, mulai hari Selasa.",
    "Sudah kami periksa dan benar seperti yang ditulis. Kami ajukan ke bendahara hari ini; kabarnya hari Rabu.",
    "Petugas datang kemarin sore dan memotret keadaannya. Perbaikan sementara dikerjakan besok.",
)
DONE: tuple[str, ...] = (
    "Sudah kami kerjakan dan periksa bersama perangkat desa. Kalau masih ada yang kurang, tekan belum beres.",
    "Selesai dikerjakan kemarin. Ketua RT ikut melihat dan menandatangani berita acaranya.",
    "Pekerjaan selesai; kami akan melihat lagi sebulan sesudah ini.",
)
# What says nothing: some offices write so, and the quality of answers shows it.
HOLLOW: tuple[str, ...] = (
    "Terima kasih atas laporannya. Akan segera kami tindak lanjuti.",
    "Laporan Anda akan kami koordinasikan dengan pihak terkait.",
    "Terima kasih, akan kami tindak lanjuti sesuai ketentuan yang berlaku.",
)
REASONS: dict[int, tuple[str, ...]] = {
    1: ("Tidak ada yang datang.", "Jawabannya tidak menjawab pertanyaan saya."),
    2: ("Lama sekali baru dijawab.", "Dikerjakan asal jadi."),
    3: ("Sudah dikerjakan, tetapi harus bertanya dua kali.", "Cukup."),
    4: ("Cepat ditanggapi.", "Petugasnya sopan dan menjelaskan."),
    5: ("Terima kasih, langsung dikerjakan.", "Sangat membantu, warga senang."),
}
