"""What the text says an official does at the event, by construction."""

import unicodedata

import pytest

from harvester.vietnamese.officials import find_officials
from harvester.vietnamese.officials.constructions import Holder, link
from harvester.vietnamese.officials.events import event_roles
from harvester.vietnamese.officials.items import read_items
from harvester.vietnamese.officials.words import split_words

Roles = dict[str, str | None]

A, B = "đồng chí Tô Hữu Lan, Bí thư Huyện ủy", "đồng chí Cao Văn Hùng, Chủ tịch UBND huyện"
LAN, HUNG = "Tô Hữu Lan", "Cao Văn Hùng"


def roles(text: str) -> Roles:
    """Return each official's role in the event."""
    return {official.name: official.event_role for official in find_officials(text)}


CHAIRS: list[tuple[str, Roles]] = [
    (f"Sáng nay, {A} chủ trì hội nghị.", {LAN: "chairs"}),
    (f"Sáng nay, {A}, chủ trì hội nghị.", {LAN: "chairs"}),
    ("Bí thư Huyện ủy Tô Hữu Lan chủ trì buổi họp.", {LAN: "chairs"}),
    (f"Sáng nay, {A} đã trực tiếp điều hành phiên họp.", {LAN: "chairs"}),
    (f"Kỳ họp do {B} chủ tọa.", {HUNG: "chairs"}),
    (f"Kỳ họp do {A}, chủ tọa.", {LAN: "chairs"}),
    (f"Hội nghị do {A}; {B} đồng chủ trì.", {LAN: "chairs", HUNG: "chairs"}),
    (f"{A.capitalize()} và {B} đồng chủ trì.".replace("tô hữu lan", LAN), {HUNG: "chairs"}),
    (f"Họp giao ban dưới sự chủ trì của {A}.", {LAN: "chairs"}),
    (f"Chủ trì hội nghị có {A}.", {LAN: "chairs"}),
    (f"Chủ trì buổi họp là {A}.", {LAN: "chairs"}),
    (f"Chủ tọa kỳ họp: {A}.", {LAN: "chairs"}),
    (f"Chủ trì hội nghị, {A} lưu ý ba việc.", {LAN: "chairs"}),
    (
        "Các đồng chí: Tô Hữu Lan, Bí thư Huyện ủy; Cao Văn Hùng, Chủ tịch UBND huyện chủ tọa kỳ họp.",
        {LAN: "chairs", HUNG: "chairs"},
    ),
    (f"Sáng nay, {A} chủ trì, {B} báo cáo.", {LAN: "chairs", HUNG: "speaks"}),
    (f"Sáng nay, {A} dự và chủ trì hội nghị.", {LAN: "chairs"}),
    (f"{B.capitalize()} chủ trì; dự họp có {A}.".replace("cao văn hùng", HUNG), {LAN: "attends"}),
]

ATTENDS: list[tuple[str, Roles]] = [
    (f"Tham dự hội nghị có {A}.", {LAN: "attends"}),
    (f"Dự lễ khai mạc có {A}; {B}.", {LAN: "attends", HUNG: "attends"}),
    (f"Cùng dự có {A} và {B}.", {LAN: "attends", HUNG: "attends"}),
    (
        "Về dự và chỉ đạo đại hội có các đồng chí: Tô Hữu Lan - Bí thư Huyện ủy; Cao Văn Hùng - Phó Bí thư.",
        {LAN: "attends", HUNG: "attends"},
    ),
    (
        "Dự họp gồm:\n- Ông Tô Hữu Lan, Bí thư Huyện ủy;\n- Ông Cao Văn Hùng, Phó Bí thư.",
        {LAN: "attends", HUNG: "attends"},
    ),
    (f"Tới dự buổi lễ, về phía huyện có {A}.", {LAN: "attends"}),
    (f"Tới dự, về phía tỉnh có {A}; về phía huyện có {B}.", {LAN: "attends", HUNG: "attends"}),
    (f"Về phía huyện có {A}.", {LAN: "attends"}),
    (f"Hội nghị có sự tham dự của {A}.", {LAN: "attends"}),
    (f"Đại hội vinh dự đón {A}.", {LAN: "attends"}),
    (f"Sáng nay, {A} dự, chỉ đạo hội nghị.", {LAN: "attends"}),
    (f"Sáng nay, {A} cùng lãnh đạo các phòng, ban đã đến dự lễ.", {LAN: "attends"}),
    (f"Sáng nay, {A}, {B} cùng dự.", {LAN: "attends", HUNG: "attends"}),
    (f"Tiếp đoàn có {A}.", {LAN: "attends"}),
    (f"Cùng đi có {A}.", {LAN: "attends"}),
    (f"Sáng nay, {A} chứng kiến lễ ký kết.", {LAN: "attends"}),
    (f"Dự lễ ký kết có {A}.", {LAN: "attends"}),
    ("Dự họp có các Phó Chủ tịch UBND xã: Tô Hữu Lan và Cao Văn Hùng.", {LAN: "attends", HUNG: "attends"}),
    (f"Tổ đại biểu gồm {A}; {B} tiếp xúc cử tri xã Hạ.", {LAN: "attends", HUNG: "attends"}),
    (f"Sáng nay, {A} tham gia đoàn giám sát.", {LAN: "attends"}),
]

SPEAKS: list[tuple[str, Roles]] = [
    (f"Sáng nay, {A} phát biểu.", {LAN: "speaks"}),
    (f"Cuối buổi, {A} kết luận.", {LAN: "speaks"}),
    (f"Bên cạnh đó, {A} cũng nhấn mạnh ba việc.", {LAN: "speaks"}),
    ("Bí thư Huyện ủy Tô Hữu Lan cho biết đê vẫn chắc.", {LAN: "speaks"}),
    ("Đại biểu Tô Hữu Lan (tổ Hạ) đề nghị làm rõ.", {LAN: "speaks"}),
    (f"Phát biểu tại hội nghị, {A} đánh giá cao kết quả.", {LAN: "speaks"}),
    (f"Trả lời cử tri, {A} nói đê vẫn chắc.", {LAN: "speaks"}),
    (f"Tiếp thu ý kiến, {A} giao phòng Nội vụ làm ngay.", {LAN: "speaks"}),
    (f"“Đê vẫn chắc”, {A} khẳng định.", {LAN: "speaks"}),
    (f"Theo {A}, đê vẫn chắc.", {LAN: "speaks"}),
    (f"Cử tri ghi nhận phát biểu của {A}.", {LAN: "speaks"}),
    (f"Hội nghị nghe báo cáo của {A}.", {LAN: "speaks"}),
    (f"Hội nghị nghe {B} báo cáo.", {HUNG: "speaks"}),
    (f"Báo cáo do {A} trình bày nêu ba việc.", {LAN: "speaks"}),
    (f"Sáng nay, {A} đến dự và phát biểu chỉ đạo.", {LAN: "speaks"}),
    (f"Sáng nay, {A} thay mặt Ban Thường vụ trân trọng cảm ơn.", {LAN: "speaks"}),
    (f"Sáng nay, {A} - nhấn mạnh ba việc.", {LAN: "speaks"}),
    (f"Dự có {A}. Cuối buổi, đồng chí Tô Hữu Lan yêu cầu làm sớm.", {LAN: "speaks"}),
]

SIGNS: list[tuple[str, Roles]] = [
    (f"Chiều qua, {A} ký kế hoạch.", {LAN: "signs"}),
    (f"Chiều qua, {A} đã ký ban hành kế hoạch.", {LAN: "signs"}),
    (f"Chiều qua, {A} và {B} ký kết quy chế.", {LAN: "signs", HUNG: "signs"}),
    (f"Ký kết có {A}.", {LAN: "signs"}),
    ("Kế hoạch có hiệu lực ngay.\n\nTM. UBND HUYỆN\nCHỦ TỊCH\n\nTô Hữu Lan", {LAN: "signs"}),
    (f"Sáng nay, {A} dự và ký biên bản.", {LAN: "signs"}),
    (f"Sáng nay, {A} đăng ký xe.", {LAN: None}),
]

VISITS: list[tuple[str, Roles]] = [
    (f"Sáng nay, {A} đến thăm xóm Bãi.", {LAN: "visits"}),
    (f"Sáng nay, {A} đã tới thăm, tặng quà thương binh.", {LAN: "visits"}),
    (f"Sáng nay, {A} dâng hương tại nghĩa trang.", {LAN: "visits"}),
    (f"Sáng nay, {A} cùng đoàn công tác TP. Hà Nội đã đến thăm xóm Bãi.", {LAN: "visits"}),
    (f"Sáng nay, {A} đã kiểm tra trạm bơm.", {LAN: "visits"}),
    (f"Sáng nay, {A} và {B} đi khảo sát bãi sông.", {LAN: "visits", HUNG: "visits"}),
    (f"Đoàn công tác do {A} dẫn đầu làm việc với xã Hạ.", {LAN: "visits"}),
    (f"Đoàn do {A} làm trưởng đoàn đã xem trạm bơm.", {LAN: "visits"}),
    (f"Đến thăm xóm Bãi, {A} hỏi chuyện bà con.", {LAN: "visits"}),
    (f"Sáng nay, {A} thăm xóm Bãi. Đồng chí Tô Hữu Lan yêu cầu làm sớm.", {LAN: "visits"}),
    (f"Sáng nay, {A} được {B} đến thăm.", {LAN: None, HUNG: "visits"}),
]

ELECTED: list[tuple[str, Roles]] = [
    ("Đại hội bầu đồng chí Tô Hữu Lan giữ chức Bí thư Đảng ủy.", {LAN: "elected"}),
    ("Ông Tô Hữu Lan được bầu làm Chủ tịch UBND xã.", {LAN: "elected"}),
    ("Ông Tô Hữu Lan được HĐND xã tín nhiệm bầu giữ chức Chủ tịch UBND xã.", {LAN: "elected"}),
    ("Ông Tô Hữu Lan, Bí thư Đảng ủy, tái đắc cử.", {LAN: "elected"}),
    ("Ông Tô Hữu Lan trúng cử chức Bí thư Đảng ủy.", {LAN: "elected"}),
    ("HĐND bầu bổ sung chức danh Phó Chủ tịch UBND xã đối với ông Tô Hữu Lan.", {LAN: "elected"}),
    (
        "Đại hội bầu ông Tô Hữu Lan làm Bí thư Chi bộ, ông Cao Văn Hùng làm Phó Bí thư Chi bộ.",
        {LAN: "elected", HUNG: "elected"},
    ),
    ("Ông Tô Hữu Lan được bầu làm Chủ tịch UBND xã. Ông Tô Hữu Lan chủ trì phiên họp.", {LAN: "elected"}),
    ("HĐND miễn nhiệm chức danh Phó Chủ tịch UBND xã đối với ông Tô Hữu Lan.", {LAN: None}),
    ("Ông Tô Hữu Lan được giới thiệu để bầu giữ chức Chủ tịch UBND xã.", {LAN: None}),
    ("Ban Thường vụ giới thiệu để bầu ông Tô Hữu Lan giữ chức Chủ tịch UBND xã.", {LAN: None}),
]

APPOINTED: list[tuple[str, Roles]] = [
    ("UBND huyện bổ nhiệm ông Tô Hữu Lan giữ chức Trưởng phòng Nội vụ.", {LAN: "appointed"}),
    ("Ông Tô Hữu Lan được điều động giữ chức Phó Bí thư Huyện ủy.", {LAN: "appointed"}),
    ("Ông Tô Hữu Lan được Ban Thường vụ chỉ định giữ chức Bí thư Đảng ủy.", {LAN: "appointed"}),
    ("Ban Thường vụ luân chuyển đồng chí Tô Hữu Lan, Chánh Văn phòng Huyện ủy, về xã Hạ.", {LAN: "appointed"}),
    ("Huyện ủy phân công đồng chí Tô Hữu Lan phụ trách Đảng bộ xã Hạ.", {LAN: "appointed"}),
    ("Huyện ủy phân công đồng chí Tô Hữu Lan theo dõi xã Hạ.", {LAN: None}),
    (
        f"{B.capitalize()} trao quyết định bổ nhiệm cho ông Tô Hữu Lan, Trưởng phòng Nội vụ.".replace(
            "cao văn hùng", HUNG
        ),
        {LAN: "appointed"},
    ),
    ("Ông Tô Hữu Lan, Trưởng phòng Nội vụ, nhận quyết định bổ nhiệm.", {LAN: "appointed"}),
    (f"Ông Tô Hữu Lan, Chánh Văn phòng Huyện ủy, được {B} trao quyết định bổ nhiệm.", {LAN: "appointed", HUNG: None}),
    (
        f"Chiều qua, {B} công bố quyết định bổ nhiệm ông Tô Hữu Lan giữ chức Trưởng phòng Nội vụ.",
        {HUNG: "speaks", LAN: "appointed"},
    ),
    (f"Chiều qua, {A} được giao trực tiếp chỉ đạo việc này.", {LAN: None}),
    (
        "UBND huyện trao quyết định bổ nhiệm đối với ông Tô Hữu Lan, Trưởng thôn Hạ và bà Lò Thị Mây, Trưởng thôn Cát.",
        {LAN: "appointed", "Lò Thị Mây": "appointed"},
    ),
]

NONE: list[tuple[str, Roles]] = [
    (f"Xóm Bãi nhớ {A}.", {LAN: None}),
    (f"Việc làm theo chỉ đạo của {A}.", {LAN: None}),
    (f"Theo chỉ đạo của {A}, UBND huyện báo cáo.", {LAN: None}),
    (f"{A.capitalize()}, dự. Lễ truy điệu đồng chí Tô Hữu Lan.".replace("tô hữu lan", LAN), {LAN: "attends"}),
    (f"Vì bận việc, {A} không dự.", {LAN: None}),
    (f"Vì bận việc, {A} vắng mặt.", {LAN: None}),
    (f"Chiều qua, {A} từ chối phát biểu.", {LAN: None}),
    (f"Chiều qua, {A} chưa trả lời.", {LAN: None}),
    (f"Hội nghị đề nghị {A} báo cáo rõ.", {LAN: None}),
    (f"Cử tri yêu cầu {A} trả lời.", {LAN: None}),
    (f"Xã Hạ tặng hoa chúc mừng {A}.", {LAN: None}),
    (f"Đoàn đến nhà {A} thăm hỏi.", {LAN: None}),
    (f"Chiều qua, {A} được tặng Bằng khen.", {LAN: None}),
    (f"Thừa ủy quyền của {A}, {B} công bố quyết định.", {LAN: None, HUNG: "speaks"}),
    (f"Sáng nay, {A} tham gia Ban Chấp hành.", {LAN: None}),
    ("Ông Tô Hữu Lan, nguyên Chủ tịch UBND xã, bị kỷ luật.", {LAN: None}),
]

REFERENCES: list[tuple[str, Roles]] = [
    (f"Dự có {A}. Đồng chí Lan phát biểu.", {LAN: "speaks"}),
    (f"Dự có {A}.\n\nTrời mưa.\n\nSau đó, Bí thư Huyện ủy đã đến thăm xóm Bãi.", {LAN: "visits"}),
    (f"Dự có {A}. Phát biểu tại đây, đồng chí Lan cảm ơn mọi người.", {LAN: "speaks"}),
    (f"Xóm Bãi nhớ {A}. Hội nghị dưới sự chủ trì của đồng chí Bí thư Huyện ủy.", {LAN: "chairs"}),
    (f"Xóm Bãi nhớ {A}. Làm theo chỉ đạo của đồng chí Lan.", {LAN: None}),
    (f"Dự có {A}. Đồng chí Lan cùng đoàn công tác TP. Hà Nội đã đến thăm xóm Bãi.", {LAN: "visits"}),
    (f"Xóm Bãi nhớ {A}. Đồng chí Lan ra về. Phát biểu xong, ai cũng vui.", {LAN: None}),
    (f"Xóm Bãi nhớ {A}. Xã giao đồng chí Lan chủ trì.", {LAN: None}),
]

POSTS_BEFORE_NAMES: list[tuple[str, Roles]] = [
    # the honorific belongs to the person: what opens the sentence is said of him or her
    ("Chủ trì buổi họp, đồng chí Chủ tịch UBND huyện Cao Văn Hùng đã nghe hết.", {HUNG: "chairs"}),
    ("Chủ trì buổi họp, Chủ tịch UBND huyện Cao Văn Hùng đã nghe hết.", {HUNG: "chairs"}),
    ("Chủ trì buổi họp, Bí thư Huyện ủy, đồng chí Tô Hữu Lan đã nghe hết.", {LAN: "chairs"}),
    ("Chủ trì buổi họp, đồng chí Đại tá, Giám đốc Công an tỉnh Cao Văn Hùng đã nghe hết.", {HUNG: "chairs"}),
    ("Sáng nay, chủ trì buổi họp, ông Chủ tịch UBND huyện Cao Văn Hùng đã nghe hết.", {HUNG: "chairs"}),
    ("Tại xã Hạ, kiểm tra trạm bơm, bà Phó Bí thư Huyện ủy Tô Hữu Lan hỏi rất kỹ.", {LAN: "visits"}),
    ("Ký xong quyết định, đ/c Phó Chủ tịch UBND huyện Cao Văn Hùng ra về.", {HUNG: "signs"}),
    ("Phát biểu tại đây, đồng chí nguyên Bí thư Huyện ủy Tô Hữu Lan xúc động.", {LAN: "speaks"}),
    (
        "Chủ trì buổi họp, các đồng chí Bí thư Huyện ủy Tô Hữu Lan và Chủ tịch UBND huyện Cao Văn Hùng đã nghe hết.",
        {LAN: "chairs", HUNG: "chairs"},
    ),
    ("Được giao chủ trì, đồng chí Chủ tịch UBND huyện Cao Văn Hùng lo từng việc.", {HUNG: None}),
    ("Chủ trì của buổi họp, đồng chí Chủ tịch UBND huyện Cao Văn Hùng ra về.", {HUNG: None}),
    ("Tại xã Hạ, mưa to, đồng chí Chủ tịch UBND huyện Cao Văn Hùng ra về.", {HUNG: None}),
    # what is done to or for a person
    ("UBND huyện giao đồng chí Phó Chủ tịch UBND huyện Cao Văn Hùng chủ trì.", {HUNG: None}),
    ("UBND huyện giao đồng chí Cao Văn Hùng, Phó Chủ tịch UBND huyện, chủ trì.", {HUNG: None}),
    ("UBND tỉnh giao Đại tá, Giám đốc Công an tỉnh Cao Văn Hùng chủ trì.", {HUNG: None}),
    ("Đoàn đến thăm gia đình đồng chí nguyên Bí thư Huyện ủy Tô Hữu Lan và tặng quà.", {LAN: None}),
    ("Đoàn đã thăm hỏi ông nguyên Chủ tịch UBND huyện Cao Văn Hùng và tặng quà.", {HUNG: None}),
    ("Đoàn tới nhà riêng bà nguyên Bí thư Huyện ủy Tô Hữu Lan và tặng quà.", {LAN: None}),
    ("Đoàn trao quà cho đồng chí Chủ tịch Hội CCB xã Cao Văn Hùng và phát biểu.", {HUNG: None}),
    ("Đoàn tặng hoa đồng chí Chủ tịch UBND huyện Cao Văn Hùng và phát biểu.", {HUNG: None}),
    (f"Xã Hạ yêu cầu đồng chí Trưởng thôn {LAN} báo cáo.", {LAN: None}),
    ("Thay đồng chí Chủ tịch UBND huyện Cao Văn Hùng chủ trì họp.", {HUNG: None}),
    ("Thay mặt đồng chí Bí thư Huyện ủy Tô Hữu Lan, " + B + " tặng quà.", {LAN: None, HUNG: "visits"}),
    (f"Chúc mừng đồng chí Bí thư Huyện ủy Tô Hữu Lan, {B} nhấn mạnh ba việc.", {LAN: None, HUNG: "speaks"}),
    (f"Theo phân công của đồng chí Bí thư Huyện ủy Tô Hữu Lan, {B} kiểm tra xã Hạ.", {LAN: None, HUNG: "visits"}),
    # … and to several of them
    ("UBND huyện giao các Phó Chủ tịch UBND huyện Tô Hữu Lan, Cao Văn Hùng chủ trì.", {LAN: None, HUNG: None}),
    (
        "Đoàn thăm gia đình các đồng chí Tô Hữu Lan, nguyên Bí thư Huyện ủy; Cao Văn Hùng, Trưởng thôn và tặng quà.",
        {LAN: None, HUNG: None},
    ),
    (f"Đoàn đến thăm {A} và {B}, tặng quà.", {LAN: None, HUNG: None}),
    # who stands right before is no object of the verb, or acts too
    ("Hội nghị do đồng chí Chủ tịch UBND huyện Cao Văn Hùng chủ trì.", {HUNG: "chairs"}),
    ("Đoàn cùng đồng chí Chủ tịch UBND huyện Cao Văn Hùng đi thăm xóm Bãi.", {HUNG: "visits"}),
    ("Theo đồng chí Chủ tịch UBND huyện Cao Văn Hùng, đê vẫn chắc.", {HUNG: "speaks"}),
    ("Đại hội bầu đồng chí Phó Bí thư Đảng ủy Tô Hữu Lan làm Bí thư Đảng ủy.", {LAN: "elected"}),
    ("Huyện ủy phân công đồng chí Phó Bí thư Huyện ủy Tô Hữu Lan phụ trách xã Hạ.", {LAN: "appointed"}),
    (
        "Đồng chí Bí thư Huyện ủy Tô Hữu Lan và đồng chí Chủ tịch UBND huyện Cao Văn Hùng đồng chủ trì.",
        {LAN: "chairs", HUNG: "chairs"},
    ),
    (
        "Đồng chí Bí thư Huyện ủy Tô Hữu Lan giao đồng chí Chủ tịch UBND huyện Cao Văn Hùng kiểm tra.",
        {LAN: "speaks", HUNG: None},
    ),
]

CASES = [*CHAIRS, *ATTENDS, *SPEAKS, *SIGNS, *VISITS, *ELECTED, *APPOINTED, *NONE, *REFERENCES, *POSTS_BEFORE_NAMES]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_role_in_the_event(text: str, expected: Roles) -> None:
    found = roles(text)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_decomposed_text_has_the_same_roles(text: str, expected: Roles) -> None:
    found = roles(unicodedata.normalize("NFD", text))
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("verbs", "role"),
    [
        ("được bầu làm Phó Chủ tịch UBND xã|được bổ nhiệm giữ chức Trưởng phòng Nội vụ", "elected"),
        ("được bổ nhiệm giữ chức Trưởng phòng Nội vụ|chủ trì hội nghị", "appointed"),
        ("chủ trì hội nghị|ký kế hoạch", "chairs"),
        ("ký kế hoạch|đến thăm xóm Bãi", "signs"),
        ("đến thăm xóm Bãi|phát biểu", "visits"),
        ("phát biểu|dự họp", "speaks"),
    ],
)
@pytest.mark.parametrize("step", [1, -1])
def test_the_first_in_order_counts(verbs: str, role: str, step: int) -> None:
    sentences = [f"Đồng chí Tô Hữu Lan {verb}." for verb in verbs.split("|")[::step]]
    assert roles(" ".join(sentences)) == {LAN: role}


@pytest.mark.parametrize("left_out", [{}, {"cao văn hùng": []}])
def test_names_that_are_no_mentions_have_no_role(left_out: dict[str, list[Holder]]) -> None:
    words = split_words(f"Chủ trì có {A} và {B}. Ông Cao Văn Hùng phát biểu.")
    items = read_items(words)
    lan = [
        holder for holder in link(words, items) if words.name_key(holder.name.start, holder.name.end).endswith("lan")
    ]
    assert event_roles(words, items, {"tô hữu lan": lan, **left_out}, {}) == {"tô hữu lan": "chairs"}
