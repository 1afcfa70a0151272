"""Why a document, or a line of it, is not imported; `{where}` stands for a place in it."""

from collections.abc import Mapping
from types import MappingProxyType

from kernel.web.words import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "document-too-large": Words(
            413,
            "文件过大",
            "文件超过 {where}的上限。",
            "请分成几个文件导入。",
        ),
        "document-empty": Words(
            422,
            "文件里没有内容",
            "文件里没有一行可以导入的内容。",
            "请核对所选的文件；可以先导出，在导出的文件上修改。",
        ),
        "document-other": Words(
            422,
            "文件与预览的不同",
            "导入的文件不是刚才预览的那一个。",
            "请重新上传并预览，确认后再导入。",
        ),
        "document-refused": Words(
            422,
            "文件中有不能导入的行",
            "文件中有的行不能导入，整个文件都没有导入。",
            "请先预览，改正所列各行后重新上传。",
        ),
        "too-many-rows": Words(
            413,
            "行数过多",
            "文件超过 {where}行的上限。",
            "请分成几个文件导入。",
        ),
        "sheet-unknown": Words(
            422,
            "有不认识的部分",
            "{where}的名称不是文件的任何一部分。",
            "请与导出的文件对照，改正工作表的名称（YAML 中为各部分的键）。",
        ),
        "column-unknown": Words(
            422,
            "有不认识的列",
            "{where}不是规定的任何一项。",
            "请与导出的文件对照，改正或者删去这一列。",
        ),
        "column-twice": Words(
            422,
            "列重复",
            "{where}与前面的列重复。",
            "请删去重复的列。",
        ),
        "column-missing": Words(
            422,
            "缺少必需的列",
            "缺少必需的列：{where}。",
            "请与导出的文件对照，补上这一列。",
        ),
        "workbook-damaged": Words(
            422,
            "工作簿不能读取",
            "这个文件已经损坏，或者不是 .xlsx 工作簿。",
            "请用 Excel 或者 WPS 打开，另存为 .xlsx 后重新上传。",
        ),
        "workbook-old": Words(
            422,
            "工作簿格式不对",
            "这个文件是旧版 .xls 工作簿，或者设有打开密码。",
            "请去掉密码，另存为 .xlsx 后重新上传。",
        ),
        "workbook-bomb": Words(
            422,
            "工作簿异常",
            "这个文件解开后异常庞大，或者含有用不到的声明，没有读取。",
            "请把内容复制到新建的工作簿，另存为 .xlsx 后重新上传。",
        ),
        "workbook-macros": Words(
            422,
            "工作簿带有宏",
            "这个文件带有宏或者控件，没有读取。",
            "请另存为不带宏的 .xlsx 后重新上传。",
        ),
        "workbook-links": Words(
            422,
            "工作簿有外部链接",
            "这个文件引用了其他文件或者数据源，没有读取。",
            "请在“数据—编辑链接”中断开链接，另存后重新上传。",
        ),
        "yaml-malformed": Words(
            422,
            "不是有效的 YAML",
            "{where}不是有效的 YAML，或者不是 UTF-8 编码。",
            "请检查缩进、冒号后的空格和成对的引号。",
        ),
        "yaml-shape": Words(
            422,
            "YAML 的结构不对",
            "{where}的结构不对：应当是各部分的名称，其下是列表，每一项是若干“键: 值”。",
            "请与导出的文件对照后改正。",
        ),
        "yaml-alias": Words(
            422,
            "YAML 中有引用",
            "{where}使用了锚点或者引用，导入的文件不接受。",
            "请把引用的内容写出来。",
        ),
        "key-twice": Words(
            422,
            "同一项写了两次",
            "{where}的键在同一处已经写过。",
            "请删去重复的一项。",
        ),
        "row-twice": Words(
            422,
            "同一代码出现两次",
            "前面已有相同代码的一行。",
            "请合并或者删去重复的行。",
        ),
        "cell-formula": Words(
            422,
            "单元格是公式",
            "公式不能导入。",
            "请把公式粘贴为数值。",
        ),
        "cell-error": Words(
            422,
            "单元格是错误值",
            "单元格显示的是错误值。",
            "请改正该单元格。",
        ),
        "cell-boolean": Words(
            422,
            "单元格是逻辑值",
            "单元格是逻辑值 TRUE 或者 FALSE，不是文字。",
            "请把单元格设为文本格式，填写文字。",
        ),
        "cell-without-column": Words(
            422,
            "没有列名",
            "该行有的单元格所在的列没有列名。",
            "请补上列名，或者删去该单元格。",
        ),
        "value-missing": Words(
            422,
            "缺少必填项",
            "这一项必须填写。",
            "请填写后重新上传。",
        ),
    }
)
"""What is wrong with a document whatever it is about."""
