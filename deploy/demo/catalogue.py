"""The catalogue of the simulated city: about forty items of the desks, with promised limits."""

from collections.abc import Sequence

from contracts.approvals import PauseGround
from deploy.demo.city import APPROVALS, COUNTIES, HOTLINE, OVERSIGHT, REAL_ESTATE, UTILITIES
from deploy.demo.items import Item, calendar_days, days, item, office_hours

REVIEW, INSPECTION = PauseGround.EXPERT_REVIEW, PauseGround.INSPECTION
TESTING, APPRAISAL = PauseGround.TESTING, PauseGround.APPRAISAL
SHORT = "受理审查"
FULL = "受理审查 审批决定"
VISIT = "受理审查 现场核查"
PLANS = "施工图设计文件 消防验收申请表"
PAPERS = "营业执照复印件 法定代表人身份证明"
COUNTY_UNITS = "湾沚区 繁昌区 南陵县 无为市"
DISTRICTS = "镜湖区 弋江区 鸠江区 湾沚区 繁昌区 经开区"

BUILDING = (
    item(APPROVALS, "商品房预售许可", "市住建局", days(5), VISIT, weight=2, materials=PLANS),
    item(APPROVALS, "建筑工程施工许可证核发", "市住建局", days(3), FULL, weight=3, materials=PLANS),
    item(APPROVALS, "特殊建设工程消防验收", "市住建局", days(10), VISIT, ground=TESTING),
    item(APPROVALS, "房地产开发企业二级资质核定", "市住建局", days(12), FULL, weight=0.6),
    item(APPROVALS, "建设用地规划许可证核发", "市自然资源局", days(7), FULL, ground=REVIEW),
    item(APPROVALS, "建设工程规划许可证核发", "市自然资源局", days(10), FULL, ground=REVIEW),
    item(APPROVALS, "取水许可审批", "市水务局", days(15), VISIT, weight=0.7, ground=REVIEW),
    item(APPROVALS, "占用、挖掘公路审批", "市交通局", days(8), VISIT, weight=0.35),
    item(APPROVALS, "道路货物运输经营许可", "市交通局", days(3), SHORT, weight=0.3),
    item(APPROVALS, "城市建筑垃圾处置核准", "市城管局", days(5), FULL, weight=1.2),
    item(APPROVALS, "临时占用城市道路审批", "市城管局", days(4), VISIT, weight=0.8),
    item(
        *(APPROVALS, "建设项目环境影响报告表审批", "市生态环境局", days(10), FULL),
        weight=0.9,
        ground=REVIEW,
    ),
    item(APPROVALS, "排污许可证核发", "市生态环境局", days(14), VISIT, weight=0.6, ground=REVIEW),
)
BUSINESS = (
    item(APPROVALS, "企业设立登记", "市市场监管局", days(1), SHORT, weight=9, materials=PAPERS),
    item(APPROVALS, "食品经营许可", "市市场监管局", days(6), VISIT, weight=5, materials=PAPERS),
    item(APPROVALS, "药品零售企业经营许可", "市市场监管局", days(12), VISIT, ground=INSPECTION),
    item(APPROVALS, "特种设备使用登记", "市市场监管局", days(5), SHORT, weight=2),
    item(APPROVALS, "企业投资项目备案", "经开区", office_hours(6), "", weight=3),
    item(APPROVALS, "企业投资项目核准", "市发展改革委", days(7), FULL, ground=REVIEW),
    item(APPROVALS, "增值税专用发票最高开票限额审批", "市税务局", days(5), SHORT, weight=3),
    item(APPROVALS, "劳务派遣经营许可", "市人社局", days(7), FULL, weight=1.2, materials=PAPERS),
    item(APPROVALS, "危险化学品经营许可", "市应急局", days(15), VISIT, weight=0.7),
    item(APPROVALS, "互联网上网服务营业场所审核", "市文旅局", days(10), FULL, weight=0.5),
    item(APPROVALS, "公共场所卫生许可", "市卫健委", days(4), VISIT, weight=2.5),
    item(APPROVALS, "医疗机构执业登记", "市卫健委", days(12), VISIT, weight=0.7, ground=APPRAISAL),
    item(APPROVALS, "民办学校设立审批", "市教育局", days(20), VISIT, weight=0.4, ground=REVIEW),
)
PEOPLE = (
    item(
        *(APPROVALS, "普通护照签发", "市公安局", days(7), ""),
        weight=6,
        fee=("普通护照工本费", 12_000),
    ),
    item(APPROVALS, "户口迁入审批", "市公安局", days(5), SHORT, weight=4, materials="户口簿"),
    item(APPROVALS, "大型群众性活动安全许可", "市公安局", days(5), VISIT, weight=0.6),
    item(APPROVALS, "工伤认定", "市人社局", calendar_days(30), SHORT, weight=1, ground=APPRAISAL),
    item(APPROVALS, "失业保险金申领", "市人社局", days(5), SHORT, weight=4),
    item(APPROVALS, "异地就医费用零星报销", "市医保局", days(10), SHORT, weight=3),
    item(APPROVALS, "住房公积金提取", "市公积金中心", office_hours(6), "", weight=5),
)
OTHERS = (
    item(
        *(REAL_ESTATE, "房屋所有权转移登记", "市自然资源局", days(3), "初审 登簿"),
        weight=7,
        fee=("不动产登记费", 8_000),
    ),
    item(REAL_ESTATE, "抵押权首次登记", "市自然资源局", days(1), "", weight=6),
    item(REAL_ESTATE, "不动产首次登记", "市自然资源局", days(5), "初审 登簿", weight=1.5),
    item(HOTLINE, "政务服务咨询工单", DISTRICTS, days(2), "承办单位办理", weight=5),
    item(HOTLINE, "求助投诉工单", DISTRICTS, days(5), "承办单位办理 回访", weight=8),
    item(OVERSIGHT, "领导批示件督办", DISTRICTS, days(5), "承办", weight=1, states_end=True),
    item(OVERSIGHT, "会议议定事项督办", DISTRICTS, days(10), "承办", weight=1, states_end=True),
    item(COUNTIES, "农村宅基地审批", COUNTY_UNITS, days(15), VISIT, weight=2),
    item(COUNTIES, "临时救助", COUNTY_UNITS, days(10), "入户核查", weight=3),
    item(COUNTIES, "林木采伐许可证核发", COUNTY_UNITS, days(7), VISIT, weight=1.5),
    item(UTILITIES, "低压用户用电报装", "供电公司", days(3), "装表接电", weight=3),
    item(UTILITIES, "供水报装", "供水公司", days(4), "现场勘查", weight=2),
    item(UTILITIES, "燃气报装", "燃气公司", days(4), "现场勘查", weight=2),
)

CATALOGUE: Sequence[Item] = (*BUILDING, *BUSINESS, *PEOPLE, *OTHERS)
"""What people ask for at the desks."""
