"""Believable content for the component showcase (`components/showcase.html`): pictures and axe runs are made of it."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

GREY = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACwAAAAAAQABAAACAkQBADs="
STAGES = [
    {"label": "咨询", "state": "done", "when": "10/2"},
    {"label": "签约", "state": "done", "when": "10/5"},
    {"label": "拍前准备", "state": "done", "when": "11/8"},
    {"label": "拍摄", "state": "done", "when": "11/15"},
    {"label": "选片", "state": "current", "when": "11/28 前"},
    {"label": "制作", "state": "todo", "when": "12/26"},
    {"label": "交付", "state": "todo", "when": "12/30"},
    {"label": "售后", "state": "todo", "when": ""},
]
JOURNEY = [
    {"label": "咨询 · 签约 · 拍前准备", "state": "done", "when": "10月2日–11月8日"},
    {"label": "拍摄", "state": "done", "when": "11月15日", "note": "摄影 周航 · 化妆 阿May · 3 套造型"},
    {"label": "选片", "state": "current", "chip": "11月28日前", "tone": "brand", "note": "负责人 何静（选片师）"},
    {"label": "精修与设计", "state": "todo", "when": "12月12日", "note": "可修改 3 轮"},
    {"label": "制作 · 质检", "state": "late", "when": "12月26日", "note": "外协装裱晚两天，已通知您"},
    {"label": "取件", "state": "todo", "when": "12月30日", "note": "到店自取，或顺丰保价"},
]
EVENTS = [
    {"who": "陈晓雨", "text": "选中 DSC_4127（第 38 张）", "when": "1 分钟前", "meta": "手机"},
    {"who": "林一舟", "text": "备注 DSC_4090：眼镜反光", "when": "6 分钟前", "meta": "手机"},
    {"who": "何静", "text": "标为推荐 12 张，客户可关闭", "when": "今天 10:12"},
    {"who": "系统", "text": "毛片 612 张处理完成，已通知客户", "when": "昨天 18:40"},
    {"who": "周航", "text": "拍摄完成，交回门市；选片定在 11/28", "when": "11/15 17:05", "url": "#shoot"},
]
CARDS = [
    {
        "url": "#1",
        "title": "陈晓雨 & 林一舟",
        "sub": "612 张 · 已选 38/40",
        "chip": "选片中",
        "tone": "info",
        "icon": "photo-check",
        "age": "剩 6 天",
        "owner": "何静",
    },
    {
        "url": "#2",
        "title": "何嘉 & 唐宁",
        "sub": "毛片未就绪",
        "chip": "后天选片",
        "tone": "bad",
        "age": "2 天",
        "owner": "何静",
        "flag": "bad",
    },
    {
        "url": "#3",
        "title": "沈悦 & 高远",
        "sub": "婚纱 · 晨雾森林",
        "chip": "待签合同",
        "tone": "warn",
        "age": "2 天",
        "owner": "刘婷",
        "flag": "warn",
    },
    {
        "url": "#4",
        "title": "欧阳娜娜木合塔尔 & 阿依古丽·买买提",
        "sub": "全家福 · 12 人 · 内景，姥姥坐轮椅，请安排一楼影棚",
        "chip": "定金已付",
        "tone": "ok",
        "age": "今天",
        "owner": "Anna Li",
    },
]
ROWS = [
    {
        "branch": "南山旗舰店",
        "orders": 142,
        "revenue": 81240000,
        "trend": [61, 66, 60, 71, 76, 81],
        "on_time": "96%",
        "tone": "ok",
        "days": "6.2",
    },
    {
        "branch": "福田店",
        "orders": 118,
        "revenue": 60120050,
        "trend": [63, 63, 58, 58, 62, 60],
        "on_time": "88%",
        "tone": "neutral",
        "days": "7.8",
    },
    {
        "branch": "龙岗店",
        "orders": 64,
        "revenue": 25170000,
        "trend": [33, 30, 30, 27, 27, 25],
        "on_time": "79%",
        "tone": "bad",
        "days": "12.4",
    },
]


class OrderForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label="客户姓名", max_length=60, initial="陈晓雨")
    phone = forms.CharField(label="手机号", help_text="用来登录客户自助平台，只用于本单。")
    branch = forms.ChoiceField(label="门店", choices=[("", "请选择"), ("ns", "南山旗舰店"), ("ft", "福田店")])
    date = forms.DateField(label="拍摄日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="类型", choices=[("w", "婚纱"), ("b", "宝宝"), ("f", "全家福")], widget=forms.RadioSelect, initial="w"
    )
    pay = forms.ChoiceField(
        label="定金方式", choices=[("wx", "微信"), ("ali", "支付宝"), ("cash", "现金")], widget=forms.RadioSelect
    )
    scenes = forms.MultipleChoiceField(
        label="景点",
        required=False,
        choices=[("a", "晨雾森林"), ("b", "海边日落"), ("c", "内景 · 国风")],
        widget=forms.CheckboxSelectMultiple,
    )
    consent = forms.BooleanField(label="同意影楼把精修片用于样片展示", required=False)
    notify = forms.BooleanField(label="拍摄前一天短信提醒", required=False, initial=True)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))


def context(request: HttpRequest) -> dict[str, Any]:
    """All that the showcase reads."""
    filled = OrderForm({"bad-name": "陈晓雨", "bad-kind": "w"}, prefix="bad")
    return {
        "stages": STAGES,
        "journey": JOURNEY,
        "events": EVENTS,
        "cards": CARDS,
        "rows": ROWS,
        "form": OrderForm(),
        "bad_form": filled,
        "page_obj": Paginator(range(120), 20).page(2),
        "crumbs": [("订单看板", "#board")],
        "steps": ["影楼", "负责人", "网址"],
        "periods": [
            {"label": "本周", "url": "#w"},
            {"label": "本月", "url": "#m", "current": True},
            {"label": "本季", "url": "#q"},
        ],
        "tabs": [
            {"label": "全部", "url": "#a", "current": True, "count": 612},
            {"label": "待处理", "url": "#b", "count": 3},
            {"label": "已发布", "url": "#c"},
        ],
        "menu": [
            {"label": "打印作业流程表", "url": "#p", "icon": "printer"},
            {"label": "取消订单", "url": "#x", "icon": "x", "danger": True},
        ],
        "tile": {"url": "#t", "src": GREY, "width": 360, "height": 480, "alt": "照片 0123"},
        "columns": ["签约", "选片", "交付"],
        "states": ["yes", "maybe", "no", "none"],
        "tones": ["ok", "warn", "bad", "info", "gold", "brand", "neutral"],
    }
