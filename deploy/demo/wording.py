"""The words that desks, duty officers and systems give as reasons; of nobody and for nobody."""

GRANTED = (
    "申请材料齐全，符合法定条件",
    "经审查，符合许可条件，准予办理",
    "经现场核查，符合规定要求",
)
REFUSED = (
    "申请事项不符合规划条件，依法不予许可，已书面告知救济途径",
    "经核查，经营场所不具备法定条件，依法不予许可",
)
EXTENDED = "情况复杂，不能在承诺期限内作出决定，经本机关负责人批准延长"
EXTENSION_CLAUSE = "《中华人民共和国行政许可法》第四十二条第一款"
PAUSE_CLAUSE = "《中华人民共和国行政许可法》第四十五条"
PAUSED = {
    "expert-review": "组织专家评审",
    "inspection": "委托检验机构检验",
    "testing": "委托检测机构检测",
    "appraisal": "委托鉴定机构鉴定",
}
FEE_STANDARD = "按价格主管部门公布的收费标准执行"
HANDED_ON = "经核实属该单位职责范围，按职责转办"
SETTLED = ("诉求已办结并答复", "已到场处置完毕", "已核实情况并答复")
SETTLED_BY_MACHINE = ("系统自动审核通过",)
REPORTED = ("已按要求反馈办理情况", "承办事项已落实并报送结果")
VOIDED = "误将其他办件的办结结果录入本件，现予作废"
