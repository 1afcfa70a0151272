"""Why a register document, or a line of it, is not imported."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.document.refusals import WORDS as OF_ANY
from kernel.web.words import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        **OF_ANY,
        "document-empty": OF_ANY["document-empty"]._replace(
            fix="请核对所选的文件；可以先导出名册，在导出的文件上修改。"
        ),
        "sheet-unknown": OF_ANY["sheet-unknown"]._replace(
            fix="工作表名称应为：单位、对应代码、科室、人员、岗位；"
            "YAML 中为 units、aliases、sections、people、posts。"
        ),
        "document-missing": Words(
            422,
            "没有选择文件",
            "没有收到名册文件。",
            "请先选择要导入的 .xlsx 或者 YAML 文件，再点“预览”。",
        ),
        "register-changed": Words(
            409,
            "名册已有变动",
            "预览之后名册又有变动，预览的结果已经不作数，本次没有导入。",
            "请重新预览，确认后再导入。",
        ),
        "value-wrong": Words(
            422,
            "填写不符合要求",
            "这一项的写法不符合要求。",
            "日期写作 2012-06-01；代码不超过 100 字，名称不超过 200 字，首尾没有空格；"
            "组别和职责用规定的名称。",
        ),
        "field-fixed": Words(
            422,
            "这一项不能变更",
            "这一项登记后不能变更。",
            "请改回原来的内容；确需变更的，请撤销后用新代码登记。",
        ),
        "date-alone": Words(
            422,
            "只改了日期",
            "内容没有变化，而生效日期比名册中的更早。",
            "请改回名册中的日期，或者填写要变更的内容。",
        ),
        "date-missing": Words(
            422,
            "缺少日期",
            "有变更而没有填写相应的日期。",
            "请填写变更的生效日期。",
        ),
    }
)
