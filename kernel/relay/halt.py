"""What a relay must not decide for itself, in words for the operator."""

from kernel.readiness import Problem

AHEAD = "stream-ahead"


class HaltedError(Exception):
    """Nothing may be sent until somebody has acted; the message is the code of the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def ahead(stream: str, service: str, last: str) -> Problem:
    """Say that the stream holds what the record does not; `last` names its last event."""
    return Problem(
        code=AHEAD,
        message=f"事件流 {stream} 的最后一条消息（{last}）在本服务的数据库中没有，或与之内容不同；"
        "数据库可能是从较早的备份恢复的。已停止发送，事件流未作改动。请停止该服务，核对备份；"
        f"确认以现有数据库为准后，执行 xiaoneng epoch open {service}，再启动该服务。",
    )


def foreign(stream: str, last_sequence: int) -> Problem:
    """Say that the last message of the stream is none of this service."""
    return Problem(
        code="stream-foreign",
        message=f"事件流 {stream} 的最后一条消息（序号不大于 {last_sequence}）不是本服务发出的，"
        "无法确定应从何处续发，已停止发送。请查明消息来源，收紧发布权限，"
        "然后重建该事件流；重建后会从数据库自动补发全部内容。",
    )


def unknown(stream: str, last_sequence: int) -> Problem:
    """Say that the stream was emptied and the record does not know how far it had been."""
    return Problem(
        code="stream-unknown",
        message=f"事件流 {stream} 已被清空，其序号 {last_sequence} 与数据库记载不符，"
        "无法确定应从何处续发，已停止发送。请重建该事件流；重建后会从数据库自动补发全部内容。",
    )


def missing(stream: str) -> Problem:
    """Say that there is no stream."""
    return Problem(
        code="stream-missing",
        message=f"事件流 {stream} 不存在。请执行初始化以重建；重建后会从数据库自动补发全部内容。",
    )


def lost(sequence: int) -> Problem:
    """Say that the record lacks a publication."""
    return Problem(
        code="publication-missing",
        message=f"数据库中缺少第 {sequence} 条待发布记录，数据可能被改动，已停止发送。"
        "请执行 xiaoneng verify 核对，必要时从备份恢复。",
    )


def misnamed(sequence: int) -> Problem:
    """Say that a publication does not call itself what the record calls it."""
    return Problem(
        code="publication-misnamed",
        message=f"第 {sequence} 条待发布记录的来源或序号与数据库记载不符，已停止发送。"
        "这是程序错误，或数据被改动，请联系维护人员。",
    )


def too_large(sequence: int, limit: int) -> Problem:
    """Say that the bus takes no message of the size of a publication."""
    return Problem(
        code="publication-too-large",
        message=f"第 {sequence} 条待发布记录超过消息总线的上限（{limit} 字节），已停止发送。"
        "请调高消息总线的 max_payload 后重启总线。",
    )


def starting(stream: str) -> Problem:
    """Say that stream and record were not compared yet, so that nobody knows if they agree."""
    return Problem(
        code="relay-starting",
        message=f"正在核对事件流 {stream} 与数据库，核对完成后自动就绪。"
        "如长时间未完成，请检查消息总线和数据库。",
    )


def unreachable() -> Problem:
    """Say that the bus gives no answer."""
    return Problem(
        code="bus-unreachable",
        message="消息总线没有应答。已记录的事件保存在数据库中，总线恢复后会自动续发。"
        "请检查总线是否运行、网络是否通畅。",
    )


def refused(stream: str, code: int) -> Problem:
    """Say that the stream refuses again and again; `code` is JetStream's own."""
    return Problem(
        code="stream-refuses",
        message=f"事件流 {stream} 多次拒收（JetStream 错误码 {code}），将继续重试，内容不会丢失。"
        "请检查该事件流的设置（须允许原子批量写入）和存储空间。",
    )


def behind(count: int, seconds: float) -> Problem:
    """Say that publications have waited for longer than they should."""
    return Problem(
        code="relay-behind",
        message=f"有 {count} 条已记录的事件尚未发送，最早的已等待超过 {seconds:.0f} 秒。"
        "内容不会丢失。请检查消息总线和该服务的日志。",
    )
