"""Invented people, branches and packages of the demo: plain data, no logic."""

PASSWORD = "yinglou-2026"  # noqa: S105 (printed by `make demo`)

# code, name, city, address, weight in sales
BRANCHES = [
    ("NS", "南山旗舰店", "深圳", "深圳市南山区海德三道 18 号", 36),
    ("FT", "福田店", "深圳", "深圳市福田区福华一路 98 号", 28),
    ("BA", "宝安店", "深圳", "深圳市宝安区新湖路 99 号", 21),
    ("TH", "广州天河店", "广州", "广州市天河区体育西路 191 号", 15),
]

# user name, name, [(role, branch code or "" for all)]
STAFF = [
    ("chenzong", "陈思远", [("owner", "")]),
    ("linhui", "林慧", [("manager", "NS")]),
    ("wanglei", "王蕾", [("receptionist", "NS")]),
    ("liuting", "刘婷", [("sales_consultant", "NS")]),
    ("zhouhang", "周航", [("photographer", "NS")]),
    ("amay", "阮美", [("makeup_artist", "NS")]),
    ("songyi", "宋仪", [("gown_master", "NS")]),
    ("hejing", "何静", [("selection_adviser", "NS"), ("selection_adviser", "FT")]),
    ("linzhou", "林舟", [("retoucher", "NS"), ("retoucher", "FT"), ("retoucher", "BA"), ("retoucher", "TH")]),
    ("fangli", "方立", [("production", ""), ("album_designer", "")]),
    ("guoyan", "郭燕", [("manager", "FT")]),
    ("zhaomin", "赵敏", [("receptionist", "FT")]),
    ("xiewei", "谢威", [("photographer", "FT")]),
    ("tangqi", "唐琪", [("makeup_artist", "FT"), ("gown_master", "FT")]),
    ("masiyu", "马思雨", [("after_sales", "NS"), ("after_sales", "FT"), ("after_sales", "BA"), ("after_sales", "TH")]),
    ("dengchao", "邓超然", [("manager", "BA")]),
    ("luodan", "罗丹", [("receptionist", "BA")]),
    ("panyue", "潘越", [("photographer", "BA"), ("selection_adviser", "BA")]),
    ("heqi", "贺琦", [("makeup_artist", "BA"), ("gown_master", "BA")]),
    ("yanglin", "杨琳", [("manager", "TH")]),
    ("caiting", "蔡婷", [("receptionist", "TH")]),
    ("huangbo", "黄勃文", [("photographer", "TH"), ("selection_adviser", "TH")]),
    ("suli", "苏俐", [("makeup_artist", "TH"), ("gown_master", "TH")]),
]


def phone_of(username: str) -> str:
    """The colleague's mobile number: where a code goes when the password is forgotten."""
    return f"139000027{10 + [name for name, *_rest in STAFF].index(username)}"


# package → (prices that fall with the number, all originals, slots): what chosen photographs are used for; major units
# slot: kind, name, included, at least, at most (0: any), shape, each extra, must be filled
SLOTS = {
    "晨雾森林 · 婚纱": (
        [(6, 48), (16, 38)],
        1280,
        [
            ("album_page", "相册入册", 20, 16, 40, "", 30, False),
            ("cover", "相册封面", 1, 1, 1, "portrait", 0, False),
            ("frame", "24 寸油画框", 1, 1, 4, "landscape", 380, False),
            ("table_stand", "10 寸摆台", 2, 2, 0, "", 120, False),
        ],
    ),
    "经典婚纱 3999": (
        [(11, 38)],
        500,
        [
            ("album_page", "相册入册", 24, 20, 40, "", 25, False),
            ("table_stand", "8 寸摆台", 1, 1, 0, "portrait", 98, False),
        ],
    ),
    "故事旅拍 · 海岸线": (
        [(11, 50)],
        1680,
        [
            ("album_page", "故事册入册", 40, 30, 80, "", 30, False),
            ("cover", "故事册封面", 2, 2, 2, "", 0, False),
            ("frame", "36 寸主框", 1, 1, 2, "landscape", 680, False),
            ("table_stand", "10 寸摆台", 3, 3, 0, "", 120, False),
        ],
    ),
}

# name, kind, price, taken, retouched, extra, outfits, scenes, rounds, delivery days, products, extras (major units)
PACKAGES = [
    (
        "晨雾森林 · 婚纱",
        "wedding",
        7999,
        300,
        40,
        60,
        4,
        3,
        3,
        32,
        [("album", "12 寸水晶相册", 1), ("frame", "24 寸油画框", 1), ("table_stand", "10 寸摆台", 2)],
        [("高定礼服加租", 680), ("新娘饰品升级", 200), ("外景交通(超出市区)", 300)],
    ),
    (
        "经典婚纱 3999",
        "wedding",
        3999,
        200,
        50,
        48,
        3,
        2,
        2,
        28,
        [("album", "10 寸相册", 1), ("table_stand", "8 寸摆台", 1)],
        [("加一套服装", 300)],
    ),
    (
        "故事旅拍 · 海岸线",
        "wedding",
        12800,
        500,
        60,
        68,
        5,
        4,
        3,
        38,
        [("album", "15 寸故事册", 2), ("frame", "36 寸主框", 1), ("table_stand", "10 寸摆台", 3)],
        [("目的地住宿", 600), ("航拍短片", 880)],
    ),
    (
        "百日纪念",
        "children",
        1680,
        80,
        15,
        35,
        2,
        2,
        2,
        21,
        [("album", "8 寸成长册", 1), ("table_stand", "7 寸摆台", 1)],
        [("加一套造型", 160)],
    ),
    (
        "周岁成长",
        "children",
        2280,
        120,
        20,
        38,
        3,
        3,
        2,
        24,
        [("album", "10 寸成长册", 1), ("frame", "12 寸挂框", 2)],
        [("全家福加人(每位)", 80)],
    ),
    (
        "东方艺术照",
        "portrait",
        1299,
        60,
        12,
        45,
        2,
        1,
        2,
        15,
        [("print", "10 寸精修入卡", 6)],
        [("加一套服装", 200), ("专业跟妆", 260)],
    ),
    (
        "四季全家福",
        "family",
        1980,
        100,
        18,
        42,
        2,
        2,
        2,
        22,
        [("frame", "20 寸全家福框", 1), ("album", "8 寸相册", 1)],
        [("六人以上(每位)", 60)],
    ),
    (
        "孕期时光",
        "maternity",
        1580,
        80,
        15,
        40,
        3,
        2,
        2,
        18,
        [("album", "8 寸相册", 1)],
        [("宝宝百日照抵用", 0)],
    ),
]

SURNAMES = (
    "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄江吕何罗高潘简朱钟彭游詹胡施沈余"
    "卢梁赵颜柯翁魏孙戴范方宋邓杜傅侯曹薛丁蒋唐马石田"
)
GIVEN = [
    "晓雨",
    "一舟",
    "悦",
    "远",
    "诺",
    "墨",
    "可儿",
    "小满",
    "川",
    "嘉",
    "宁",
    "思思",
    "好",
    "若彤",
    "江河",
    "蓉",
    "晓",
    "子涵",
    "雨桐",
    "浩然",
    "欣怡",
    "梓萱",
    "俊杰",
    "雅琪",
    "志远",
    "佳琪",
    "梦洁",
    "文博",
    "诗涵",
    "宇航",
    "静怡",
    "天佑",
    "心怡",
    "沐阳",
    "语嫣",
    "泽宇",
    "书瑶",
    "景行",
    "知夏",
    "予安",
    "清越",
    "南乔",
    "北辰",
    "云舒",
    "望舒",
    "星野",
    "念初",
    "安然",
    "以沫",
    "怀瑾",
]
CITIES = ["深圳", "深圳", "深圳", "广州", "东莞", "惠州", "珠海", "佛山", "香港"]
SOURCES = ["walk_in", "referral", "xiaohongshu", "xiaohongshu", "douyin", "dianping", "wechat", "partner"]
TAGS = [["老客户"], ["VIP"], ["在意肤色"], ["喜欢自然风"], [], [], [], ["带宠物"], ["时间紧"]]

LOOKS = ["主纱", "晚装", "外景"]
