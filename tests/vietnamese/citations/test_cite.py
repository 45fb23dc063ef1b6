"""Short cases by construction: a text, and the citations in it as (span text, canonical id)."""

import pytest

from harvester.vietnamese.citations import cite

NUMBERED = [
    ("Thực hiện Nghị quyết số 21-NQ/TU của Thành ủy.", [("Nghị quyết số 21-NQ/TU", "NQ:21:TU")]),
    ("theo Quyết định số 771/QĐ-UBND của quận", [("Quyết định số 771/QĐ-UBND", "QD:771:UBND")]),
    ("Nghị định 45/2022/NĐ-CP quy định", [("Nghị định 45/2022/NĐ-CP", "ND:45/2022:CP")]),
    ("Quyết định số 09/2021/QĐ-UBND", [("Quyết định số 09/2021/QĐ-UBND", "QD:9/2021:UBND")]),
    ("Nghị quyết số 61/2022/QH15 của Quốc hội", [("Nghị quyết số 61/2022/QH15", "NQ:61/2022:QH15")]),
    ("Nghị quyết 875/NQ-UBTVQH14", [("Nghị quyết 875/NQ-UBTVQH14", "NQ:875:UBTVQH14")]),
    ("Quy định số 96-QĐ/TW", [("Quy định số 96-QĐ/TW", "QYD:96:TW")]),
    ("Quyết định số 96-QĐ/TW", [("Quyết định số 96-QĐ/TW", "QD:96:TW")]),
    ("Thông tri 07-TT/TU", [("Thông tri 07-TT/TU", "TTRI:7:TU")]),
    ("Thông tư 07/2019/TT-BYT", [("Thông tư 07/2019/TT-BYT", "TT:7/2019:BYT")]),
    (
        "Thông tư liên tịch số 08/2015/TTLT-BNV-BTC",
        [("Thông tư liên tịch số 08/2015/TTLT-BNV-BTC", "TTLT:8/2015:BNV-BTC")],
    ),
    ("Công văn số 2210/UBND-KT gửi các phường", [("Công văn số 2210/UBND-KT", "CV:2210:UBND")]),
    ("Văn bản 318/UBND-TNMT", [("Văn bản 318/UBND-TNMT", "CV:318:UBND")]),
    ("Công văn số 77/CT-TTHT của Cục Thuế", [("Công văn số 77/CT-TTHT", "CV:77:CT")]),
    ("Công điện 21/CĐ-TTg", [("Công điện 21/CĐ-TTg", "CD:21:TTG")]),
    ("Lệnh số 08/2022/L-CTN", [("Lệnh số 08/2022/L-CTN", "LENH:8/2022:CTN")]),
    ("Tờ trình 66/TTr-UBND", [("Tờ trình 66/TTr-UBND", "TTR:66:UBND")]),
    ("Chương trình hành động số 17-CTr/QU", [("Chương trình hành động số 17-CTr/QU", "CTR:17:QU")]),
    ("Thông báo kết luận số 204-TB/HU", [("Thông báo kết luận số 204-TB/HU", "TB:204:HU")]),
    ("Nghị quyết chuyên đề số 06-NQ/ĐU", [("Nghị quyết chuyên đề số 06-NQ/ĐU", "NQ:6:DU")]),
    ("Quyết định phê duyệt quy hoạch số 90/QĐ-UBND", [("Quyết định phê duyệt quy hoạch số 90/QĐ-UBND", "QD:90:UBND")]),
    ("Quy chế phối hợp số 02/QCPH-CA-QS", [("Quy chế phối hợp số 02/QCPH-CA-QS", "QC:2:CA-QS")]),
    ("Kế hoạch 33/KH-MTTQ-BTT", [("Kế hoạch 33/KH-MTTQ-BTT", "KH:33:MTTQ-BTT")]),
    ("Nghị quyết 30a/2008/NQ-CP", [("Nghị quyết 30a/2008/NQ-CP", "NQ:30A/2008:CP")]),
    ("Quyết định 300-QĐNS/TU", [("Quyết định 300-QĐNS/TU", "QD:300:TU")]),
    ("Thông tư 09/2018/TT-BVN", [("Thông tư 09/2018/TT-BVN", "TT:9/2018:BVN")]),
    ("KH số 58/KH-UBND, CT 12-CT/TU", [("KH số 58/KH-UBND", "KH:58:UBND"), ("CT 12-CT/TU", "CT:12:TU")]),
    ("(xem 28-KL/TW)", [("28-KL/TW", "KL:28:TW")]),
    ("Số: 410/QĐ-UBND", [("Số: 410/QĐ-UBND", "QD:410:UBND")]),
    ("Kế hoạch thực hiện Nghị quyết số 21-NQ/TU", [("Nghị quyết số 21-NQ/TU", "NQ:21:TU")]),
    ("Nghị quyết số 19-NQ/TƯ", [("Nghị quyết số 19-NQ/TƯ", "NQ:19:TW")]),
]

NOISE = [
    ("Nghị quyết số 21 - NQ / TU", [("Nghị quyết số 21 - NQ / TU", "NQ:21:TU")]),
    ("Nghị quyết 21- NQ/TU", [("Nghị quyết 21- NQ/TU", "NQ:21:TU")]),
    ("Nghị quyết số 21–NQ/TU", [("Nghị quyết số 21–NQ/TU", "NQ:21:TU")]),
    ("Nghị\u00a0quyết\u00a0số\u00a021-NQ/TU", [("Nghị\u00a0quyết\u00a0số\u00a021-NQ/TU", "NQ:21:TU")]),
    ("Nghị quyết\nsố 21-NQ/TU", [("Nghị quyết\nsố 21-NQ/TU", "NQ:21:TU")]),
    ("Nghị  quyết   số 21-NQ/TU", [("Nghị  quyết   số 21-NQ/TU", "NQ:21:TU")]),
    ("Nghị quyết số21/NQ-TU", [("Nghị quyết số21/NQ-TU", "NQ:21:TU")]),
    ("Nghị quyết 21NQ/TU", [("Nghị quyết 21NQ/TU", "NQ:21:TU")]),
    ("Nghị quyết số: 21.-NQ/TU", [("Nghị quyết số: 21.-NQ/TU", "NQ:21:TU")]),
    ("NGHỊ QUYẾT SỐ 21-NQ/TU", [("NGHỊ QUYẾT SỐ 21-NQ/TU", "NQ:21:TU")]),
    ("công văn số 64-cv/hu", [("công văn số 64-cv/hu", "CV:64:HU")]),
    ("Chỉ thị số 8 /CT-TTg", [("Chỉ thị số 8 /CT-TTg", "CT:8:TTG")]),
    ("NQ21-NQ/TU", [("NQ21-NQ/TU", "NQ:21:TU")]),
    ("Kế hoạch số 70 /KHHĐNVQS", [("Kế hoạch số 70 /KHHĐNVQS", "KH:70:HDNVQS")]),
    ("Nghị quyết số 40-NQ/NQ-HĐND", [("Nghị quyết số 40-NQ/NQ-HĐND", "NQ:40:HDND")]),
    ("Nghị quyết số\u200b 21-NQ/TU", [("Nghị quyết số\u200b 21-NQ/TU", "NQ:21:TU")]),
    ("Nghị quyết 21-NQ/TU\u200b\u200b, sau đó", [("Nghị quyết 21-NQ/TU", "NQ:21:TU")]),
    ("Nghị quyết 21-NQ/TU - Đồng chí An", [("Nghị quyết 21-NQ/TU", "NQ:21:TU")]),
    ("Nghi quyet so 21-NQ/TU", [("Nghi quyet so 21-NQ/TU", "NQ:21:TU")]),
    ("theo Nghị quyêt số 21-NQ/TU", [("Nghị quyêt số 21-NQ/TU", "NQ:21:TU")]),
    ("Quy dinh 96-QĐ/TW", [("Quy dinh 96-QĐ/TW", "QYD:96:TW")]),
    ("Nghi quyet số 58/KH-UBND", [("số 58/KH-UBND", "KH:58:UBND")]),
    ("Nghị định 45.2022/NĐ-CP", [("Nghị định 45.2022/NĐ-CP", "ND:45/2022:CP")]),
    ("45.2022/NĐ-CP", [("45.2022/NĐ-CP", "ND:45/2022:CP")]),
]

SHORT = [
    ("Nghị quyết 52 của Bộ Chính trị", [("Nghị quyết 52", "NQ:52:TW")]),
    ("Chỉ thị số 33 của Ban Bí thư", [("Chỉ thị số 33", "CT:33:TW")]),
    ("nghị quyết 9 của Thành uỷ", [("nghị quyết 9", "NQ:9:TU")]),
    ("Chương trình số 04 của Ban Thường vụ Huyện ủy", [("Chương trình số 04", "CTR:4:HU")]),
    ("Hướng dẫn số 12 của Ban Tổ chức Quận ủy", [("Hướng dẫn số 12", "HD:12:BTCQU")]),
    ("Nghị quyết 7 của BCH Đảng bộ quận", [("Nghị quyết 7", "NQ:7:QU")]),
    ("Quyết định 61 của Chủ tịch UBND huyện", [("Quyết định 61", "QD:61:UBND")]),
    ("Chỉ thị 19 ngày 24/7/2021 của Thủ tướng", [("Chỉ thị 19", "CT:19:TTG")]),
    ("Nghị quyết 9 bước đầu đi vào cuộc sống", [("Nghị quyết 9", "NQ:9:?")]),
    ("Thông tư 27 của Bộ Giáo dục và Đào tạo", [("Thông tư 27", "TT:27:BGDDT")]),
    (
        "Nghị định 45/2022/NĐ-CP; theo Nghị định 45 thì",
        [("Nghị định 45/2022/NĐ-CP", "ND:45/2022:CP"), ("Nghị định 45", "ND:45/2022:CP")],
    ),
    (
        "Nghị định 45/2022/NĐ-CP. Nghị định 45 của Chính phủ",
        [("Nghị định 45/2022/NĐ-CP", "ND:45/2022:CP"), ("Nghị định 45", "ND:45/2022:CP")],
    ),
    (
        "Quy định số 114-QĐ/TW; Quy định 114 nêu",
        [("Quy định số 114-QĐ/TW", "QYD:114:TW"), ("Quy định 114", "QYD:114:TW")],
    ),
    (
        "Chương trình 05 của Quận ủy; tổng kết Chương trình 05",
        [("Chương trình 05", "CTR:5:QU"), ("Chương trình 05", "CTR:5:QU")],
    ),
]

UNRESOLVED = [
    ("Tổ công tác Đề án 06 phường", [("Đề án 06", "DA:6:?")]),
    ("Nghị quyết số 88 đã nêu", [("Nghị quyết số 88", "NQ:88:?")]),
    ("Nghị quyết 88, Chỉ thị 12.", [("Nghị quyết 88", "NQ:88:?"), ("Chỉ thị 12", "CT:12:?")]),
    (
        "Nghị quyết số 03/NQ-CP, Nghị quyết số 03-NQ/TU. Nghị quyết 03 nêu",
        [("Nghị quyết số 03/NQ-CP", "NQ:3:CP"), ("Nghị quyết số 03-NQ/TU", "NQ:3:TU"), ("Nghị quyết 03", "NQ:3:?")],
    ),
    ("Nghị quyết 24. Nghị quyết 24-NQ/TU", [("Nghị quyết 24", "NQ:24:?"), ("Nghị quyết 24-NQ/TU", "NQ:24:TU")]),
    ("Sắc lệnh 64/SL", [("Sắc lệnh 64/SL", "SL:64:?")]),
    ("Nghị định 45/2022 về xử phạt", [("Nghị định 45/2022", "ND:45/2022:?")]),
    ("Nghị quyết Trung ương 7 đã chỉ rõ", [("Nghị quyết Trung ương 7", "NQ:TW7:?")]),
    ("Nghị quyết Đại hội XII nêu", [("Nghị quyết Đại hội XII", "NQ:DH-?:XII")]),
    ("Quyết định ngày 2/4/2019 nêu rõ", [("Quyết định ngày 2/4/2019", "QD:@2019-04-02:?")]),
    ("trung thành với Hiến pháp", [("Hiến pháp", "HP:?")]),
    ("Nghị quyết 41 của Thành phố", [("Nghị quyết 41", "NQ:41:?")]),
]

LISTS = [
    (
        "các Nghị quyết 11, 12 và 13 của Thành ủy",
        [("Nghị quyết 11", "NQ:11:TU"), ("12", "NQ:12:TU"), ("13", "NQ:13:TU")],
    ),
    ("Nghị quyết số 08 và 10-NQ/HU", [("Nghị quyết số 08", "NQ:8:HU"), ("10-NQ/HU", "NQ:10:HU")]),
    (
        "Nghị quyết số 36-NQ/TW, 37-NQ/TW và 38-NQ/TW",
        [("Nghị quyết số 36-NQ/TW", "NQ:36:TW"), ("37-NQ/TW", "NQ:37:TW"), ("38-NQ/TW", "NQ:38:TW")],
    ),
    (
        "Nghị quyết số 71/NQ-HĐND ngày 08/12/2021, số 80/NQ-HĐND ngày 5/7/2022",
        [("Nghị quyết số 71/NQ-HĐND", "NQ:71:HDND"), ("số 80/NQ-HĐND", "NQ:80:HDND")],
    ),
    (
        "Quy định 80-QĐ/TW, 148-QĐ/TW và 20-CT/TW",
        [("Quy định 80-QĐ/TW", "QYD:80:TW"), ("148-QĐ/TW", "QYD:148:TW"), ("20-CT/TW", "CT:20:TW")],
    ),
    (
        "Nghị quyết số 61/2022/QH15, 62/2022/QH15",
        [("Nghị quyết số 61/2022/QH15", "NQ:61/2022:QH15"), ("62/2022/QH15", "NQ:62/2022:QH15")],
    ),
    ("Nghị quyết 11 và 38 hộ dân", [("Nghị quyết 11", "NQ:11:?")]),
    ("Nghị quyết 11, 20 năm qua", [("Nghị quyết 11", "NQ:11:?")]),
    ("các Luật Đầu tư, Doanh nghiệp", [("Luật Đầu tư", "LUAT:dau-tu"), ("Doanh nghiệp", "LUAT:doanh-nghiep")]),
    (
        "Nghị quyết Trung ương 6 khóa X, XI",
        [("Nghị quyết Trung ương 6 khóa X", "NQ:TW6:X"), ("XI", "NQ:TW6:XI")],
    ),
    (
        "Nghị quyết Trung ương 5, 7 khoá XII",
        [("Nghị quyết Trung ương 5", "NQ:TW5:XII"), ("7 khoá XII", "NQ:TW7:XII")],
    ),
]

LAWS = [
    ("Luật Cư trú năm 2020", [("Luật Cư trú năm 2020", "LUAT:cu-tru:2020")]),
    ("Luật Cư trú 2020 quy định", [("Luật Cư trú 2020", "LUAT:cu-tru:2020")]),
    ("Luật Cư trú và Luật Hộ tịch", [("Luật Cư trú", "LUAT:cu-tru"), ("Luật Hộ tịch", "LUAT:ho-tich")]),
    (
        "Luật Cư trú năm 2020; Luật Cư trú",
        [("Luật Cư trú năm 2020", "LUAT:cu-tru:2020"), ("Luật Cư trú", "LUAT:cu-tru:2020")],
    ),
    (
        "Luật Cư trú năm 2020; Luật Cư trú (sửa đổi)",
        [("Luật Cư trú năm 2020", "LUAT:cu-tru:2020"), ("Luật Cư trú (sửa đổi)", "LUAT:cu-tru")],
    ),
    ("Luật Viên chức số 58/2010/QH12", [("Luật Viên chức số 58/2010/QH12", "LUAT:58/2010:QH12")]),
    ("Luật số 58/2010/QH12", [("Luật số 58/2010/QH12", "LUAT:58/2010:QH12")]),
    ("Luật Phòng, chống rửa tiền cho cán bộ", [("Luật Phòng, chống rửa tiền", "LUAT:phong-chong-rua-tien")]),
    ("Luật phòng chống rửa tiền", [("Luật phòng chống rửa tiền", "LUAT:phong-chong-rua-tien")]),
    ("Luật Hoà giải ở cơ sở", [("Luật Hoà giải ở cơ sở", "LUAT:hoa-giai-o-co-so")]),
    ("LUẬT CƯ TRÚ", [("LUẬT CƯ TRÚ", "LUAT:cu-tru")]),
    ("theo Luật Khai khoáng biển được ban hành", [("Luật Khai khoáng biển", "LUAT:khai-khoang-bien")]),
    (
        "Luật sửa đổi, bổ sung một số điều của Luật Cư trú năm 2013",
        [
            (
                "Luật sửa đổi, bổ sung một số điều của Luật Cư trú năm 2013",
                "LUAT:sua-doi-bo-sung-mot-so-dieu-cua-luat-cu-tru:2013",
            )
        ],
    ),
    ("Bộ luật Dân sự năm 2015 (sửa đổi, bổ sung năm 2017)", [("Bộ luật Dân sự năm 2015", "BLUAT:dan-su:2015")]),
    ("Pháp lệnh Cảnh sát môi trường", [("Pháp lệnh Cảnh sát môi trường", "PL:canh-sat-moi-truong")]),
    (
        "dự thảo Luật Cư trú, Luật Hộ tịch và Luật Viên chức năm 2010",
        [("Luật Viên chức năm 2010", "LUAT:vien-chuc:2010")],
    ),
    ("Hiến pháp năm 1992; Hiến pháp", [("Hiến pháp năm 1992", "HP:1992"), ("Hiến pháp", "HP:1992")]),
]

OCCASIONS = [
    (
        "Nghị quyết Đại hội Đảng bộ huyện lần thứ XXI, nhiệm kỳ",
        [("Nghị quyết Đại hội Đảng bộ huyện lần thứ XXI", "NQ:DH-dang-bo-huyen:XXI")],
    ),
    ("Nghị quyết Đại hội XII của Đảng và", [("Nghị quyết Đại hội XII của Đảng", "NQ:DH-dang:XII")]),
    (
        "Nghị quyết Đại hội đại biểu toàn quốc lần thứ XII của Đảng",
        [("Nghị quyết Đại hội đại biểu toàn quốc lần thứ XII của Đảng", "NQ:DH-dang:XII")],
    ),
    (
        "Nghị quyết Đại hội lần thứ V Đảng bộ quận.",
        [("Nghị quyết Đại hội lần thứ V Đảng bộ quận", "NQ:DH-dang-bo-quan:V")],
    ),
    (
        "Nghị quyết Đại hội Đảng bộ xã, nhiệm kỳ 2015-2020",
        [("Nghị quyết Đại hội Đảng bộ xã, nhiệm kỳ 2015-2020", "NQ:DH-dang-bo-xa:2015-2020")],
    ),
    ("Nghị quyết Đại hội Công đoàn lần thứ IX", [("Nghị quyết Đại hội Công đoàn lần thứ IX", "NQ:DH-cong-doan:IX")]),
    ("Nghị quyết Trung ương 8 (khóa XI) về", [("Nghị quyết Trung ương 8 (khóa XI)", "NQ:TW8:XI")]),
    (
        "Nghị quyết Hội nghị lần thứ tư BCH Trung ương Đảng khoá XI",
        [("Nghị quyết Hội nghị lần thứ tư BCH Trung ương Đảng khoá XI", "NQ:TW4:XI")],
    ),
    (
        "Nghị quyết Đại hội đại biểu Đảng bộ Quận 9 lần thứ VI",
        [("Nghị quyết Đại hội đại biểu Đảng bộ Quận 9 lần thứ VI", "NQ:DH-dang-bo-quan-9:VI")],
    ),
    ("NQ TW 8 khóa XI", [("NQ TW 8 khóa XI", "NQ:TW8:XI")]),
    (
        "Nghị quyết Đại hội Đảng bộ xã lần thứ XXI và lần thứ XXII đề ra",
        [
            ("Nghị quyết Đại hội Đảng bộ xã lần thứ XXI", "NQ:DH-dang-bo-xa:XXI"),
            ("lần thứ XXII", "NQ:DH-dang-bo-xa:XXII"),
        ],
    ),
    (
        "Nghị quyết Đại hội XI, XII của Đảng",
        [("Nghị quyết Đại hội XI", "NQ:DH-dang:XI"), ("XII của Đảng", "NQ:DH-dang:XII")],
    ),
]

DATED = [
    ("Quyết định ngày 2/4/2019 của UBND quận", [("Quyết định ngày 2/4/2019", "QD:@2019-04-02:UBND")]),
    (
        "Quyết định số.../QĐ-UBND ngày 7 tháng 8 năm 2020",
        [("Quyết định số.../QĐ-UBND ngày 7 tháng 8 năm 2020", "QD:@2020-08-07:UBND")],
    ),
    ("Báo cáo số:     /BC-UBND ngày 3-3-2021", [("Báo cáo số:     /BC-UBND ngày 3-3-2021", "BC:@2021-03-03:UBND")]),
    ("Quyết định số.../QĐ-UBND", []),
    ("Quyết định ngày 31/2/2020 của UBND quận", []),
    ("Chương trình ngày 2/4/2019 tại nhà văn hóa", []),
]

LOOK_ALIKES = [
    "giữ kỷ luật, chấp hành pháp luật; Luật sư Hà; Luật gia; Ủy ban Pháp luật",
    "Trường Đại học Luật Hà Nội, Khoa Luật",
    "03 chương trình công tác, 8 Chương trình công tác, 3 luật, 10 nghị quyết",
    "Ban Chỉ đạo 35/389, Ban Chỉ đạo 35",
    "số nhà 15/2; hoàn thành 38/43 nhiệm vụ; 398/412 hộ; 24/24h; thương binh 1/4",
    "Nghị quyết này, Luật này, Chỉ thị trên",
    "dự thảo Luật Cư trú (sửa đổi), dự án Luật Hộ tịch, dự thảo Nghị quyết Đại hội Đảng bộ xã lần thứ V",
    "dự thảo Luật Cư trú, Luật Hộ tịch và Luật Viên chức",
    "Nghị định số 45.2022 hộ; Kế hoạch\n15 và 16",
    "Quyết định giao phòng Nội vụ; quyết định 3 nội dung; Quyết định 25 trường hợp",
    "Kế hoạch 5 năm 2021-2025; Kế hoạch 2024; Chương trình 2020-2025",
    "Phương án 2, phương án 31/34 hộ, Báo cáo 6 tháng, Hướng dẫn 50 hộ",
    "Nghị quyết Đại hội được thông qua; Nghị quyết Đại hội Đảng bộ các cấp, nhiệm kỳ 2020-2025",
    "Nghị quyết 20% số vụ; Chỉ thị 3,5 triệu",
    "Giấy mời số 5/GM-UBND; TCVN 5687; Điều lệ Đảng",
    "Thực hiện Chương trình\n2. Sơ kết",
    "tháng 03/2020, ngày 5/3/2020, quý I/2020, km/h, và/hoặc",
    "",
]

CASES = [
    *NUMBERED,
    *NOISE,
    *SHORT,
    *UNRESOLVED,
    *LISTS,
    *LAWS,
    *OCCASIONS,
    *DATED,
    *((text, []) for text in LOOK_ALIKES),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_cites(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[c.start : c.end], c.canonical_id) for c in cite(text)] == expected


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Chỉ thị 8/CT-TTg", ["symbol"]),
        ("Luật Cư trú", ["name"]),
        ("Nghị quyết Đại hội XII của Đảng", ["occasion"]),
        ("Quyết định ngày 2/4/2019 của UBND quận", ["date"]),
        ("Nghị quyết 52 của Bộ Chính trị", ["issuer"]),
        ("Nghị định 45/2022/NĐ-CP, Nghị định 45", ["symbol", "antecedent"]),
        ("Nghị quyết số 08 và 10-NQ/HU", ["list", "symbol"]),
        ("Đề án 06", [None]),
    ],
)
def test_says_what_decided(text: str, means: list[str | None]) -> None:
    assert [citation.resolved_by for citation in cite(text)] == means
