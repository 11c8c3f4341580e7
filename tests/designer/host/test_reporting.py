"""Where uncaught errors go."""

import sys
import threading

from designer.host.reporting import Reporter, report_error, reporting_to


def test_a_reported_error_is_announced_and_logged(qapp, caplog):
    """Whoever shows errors gets the exception itself."""
    reporter = Reporter()
    seen = []
    reporter.error_reported.connect(seen.append)
    error = ValueError("broken")
    with reporting_to(reporter):
        report_error(error)

    assert seen == [error]
    assert "ValueError: broken" in caplog.text


def test_without_a_reporter_errors_are_logged(caplog):
    """No window, and still nothing is silent."""
    report_error(ValueError("broken"))

    assert "ValueError: broken" in caplog.text


def test_an_error_while_reporting_is_only_logged(qapp, caplog):
    """A banner that fails does not start a fire."""
    reporter = Reporter()

    def fail(_error):
        reporter.report(RuntimeError("again"))

    reporter.error_reported.connect(fail)
    reporter.report(ValueError("first"))

    assert caplog.text.count("again") >= 1


def test_hooks_are_put_back(qapp):
    """What was there before is there after."""
    before = sys.excepthook, threading.excepthook
    with reporting_to(Reporter()):
        assert sys.excepthook is not before[0]

    assert before == (sys.excepthook, threading.excepthook)


def test_an_error_of_a_thread_arrives_here(qtbot, caplog):
    """A thread that dies says so in the thread of the window."""
    reporter = Reporter()
    seen = []
    reporter.error_reported.connect(seen.append)
    with reporting_to(reporter), qtbot.waitSignal(reporter.error_reported):
        threading.Thread(target=int, args=("no number",)).start()

    assert [type(error) for error in seen] == [ValueError]


def test_ctrl_c_is_no_error(qapp, capsys):
    """An interrupt is not shown as something broken."""
    seen = []
    reporter = Reporter()
    reporter.error_reported.connect(seen.append)
    with reporting_to(reporter):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert seen == []
    assert "KeyboardInterrupt" in capsys.readouterr().err
