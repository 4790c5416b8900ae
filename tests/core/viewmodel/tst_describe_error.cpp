// Errors as people read them: what happened, and what to do; nothing of the codes shines through.
#include "core/viewmodel/describe.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDescribeError : public QObject {
    Q_OBJECT
private slots:
    void known_data();
    void known();
    void notesAndPauses();
    void everyCodeHasASentence();
    void namesOfFilesAreNotPatterns();
    void mustersOwnEndIsNotTheAgents();
};

void TestDescribeError::known_data()
{
    QTest::addColumn<Error>("error");
    QTest::addColumn<QStringList>("says");
    using C = ErrorCode;
    const auto row = [](const char *name, const Error &error, const QStringList &says) {
        QTest::newRow(name) << error << says;
    };
    row("flow", {C::NotFound, u"tidy"_s, u"flow"_s}, {u"“tidy”"_s, u"muster flow list"_s});
    row("run", {C::NotFound, u"99"_s, u"runs"_s}, {u"run 99"_s, u"muster runs"_s});
    row("run has ended", {C::Conflict, u"7"_s, u"runs"_s}, {u"Run 7 is not under way"_s});
    row("answered before", {C::Conflict, u"3"_s, u"inbox"_s}, {u"Number 3 does not wait any more"_s});
    row("not trusted", {C::NotTrusted, u"/p"_s, u"/p/flows/a.flow.yaml"_s},
        {u"/p/flows/a.flow.yaml"_s, u"muster trust /p"_s});
    row("no commit", {C::Unsupported, u"/p"_s, u"no_commit"_s}, {u"/p has no commit"_s, u"git commit"_s});
    row("conflict in files", {C::Conflict, u"conflict"_s, u"a.c\nb.c"_s},
        {u"Nothing was changed"_s, u"\n  a.c\n  b.c"_s});
    row("answered yes before", {C::Conflict, u"yes (window)"_s, u"inbox_closed"_s},
        {u"before: yes (window)"_s});
    row("asker gone", {C::Conflict, u"withdrawn"_s, u"inbox_closed"_s}, {u"Nobody waits"_s});
    row("too late", {C::Conflict, u"timeout"_s, u"inbox_closed"_s}, {u"time"_s});
    row("runtime", {C::InvalidArgument, u"demo"_s, u"runtime"_s}, {u"This version has: demo"_s});
    row("busy", {C::Conflict, u"busy"_s, u"3"_s}, {u"at work"_s, u"--force"_s});
    row("setting", {C::InvalidArgument, u"1 … 256"_s, u"setting"_s}, {u"must be: 1 … 256"_s});
    row("mistakes", {C::InvalidArgument, u"flow_problems"_s, u"/a.yaml:3:5"_s},
        {u"/a.yaml:3:5"_s, u"flow check"_s});
    row("unknown input", {C::InvalidArgument, u"depht\tunknown_input\t\tdepth, goal\tdepth"_s, u"inputs"_s},
        {u"no input “depht”"_s, u"mean “depth”"_s});
    row("unlike any input", {C::InvalidArgument, u"x\tunknown_input\t\tdepth, goal\t"_s, u"inputs"_s},
        {u"no input “x”"_s, u"It has: depth, goal."_s});
    row("input of none", {C::InvalidArgument, u"x\tunknown_input\t\t\t"_s, u"inputs"_s},
        {u"no input “x”"_s, u"It takes none."_s});
    row("missing input", {C::InvalidArgument, u"goal\tmissing_input\t\t"_s, u"inputs"_s},
        {u"--input goal=VALUE"_s});
    row("two inputs",
        {C::InvalidArgument, u"a\twrong_type\tx\tnumber\nb\tnot_a_choice\ty\tp, q"_s, u"inputs"_s},
        {u"“a” cannot be “x”"_s, u"type number"_s, u"one of: p, q"_s});
    row("full disk", {C::DiskFull, u"database or disk is full"_s, u"COMMIT"_s}, {u"The disk is full."_s});
    row("store is a folder", {C::Io, u"a folder"_s, u"/h/store.db"_s}, {u"/h/store.db"_s});
    row("no folder", {C::Io, u"cannot make the folder"_s, u"/h"_s}, {u"/h cannot be made"_s});
    row("store not opened", {C::Io, u"/h/store.db: no"_s, u"store"_s}, {u"/h/store.db: no"_s});
    row("damaged in use", {C::Corrupt, u"in use"_s, u"/h/store.db"_s}, {u"serve --stop"_s});
    row("another's detail", {C::Io, u"Input/output error"_s, u"/x"_s}, {u"Input/output error"_s, u"/x"_s});
}

void TestDescribeError::notesAndPauses()
{
    const QString restored = describeNote(u"store_restored\n/b.db\n/s.damaged\nbad page"_s);
    for (const auto &part : {u"/b.db"_s, u"/s.damaged"_s, u"bad page"_s})
        QVERIFY2(restored.contains(part), qPrintable(restored));
    const QString anew = describeNote(u"store_damaged_no_backup\n/s.damaged\nbad page"_s);
    QVERIFY2(anew.contains(u"kept: /s.damaged"_s) && anew.contains(u"bad page"_s), qPrintable(anew));
    QVERIFY(describePause(u"disk_full\nx"_s).startsWith(u"The disk is full."_s));
    QVERIFY(describePause(u"io\nno such device"_s).contains(u"no such device"_s));
}

void TestDescribeError::known()
{
    QFETCH(Error, error);
    QFETCH(QStringList, says);
    const QString text = describe(error);
    for (const QString &part : std::as_const(says))
        QVERIFY2(text.contains(part), qPrintable(text));
    QVERIFY2(!text.contains(u'%'), qPrintable(text));
    QVERIFY2(!QString(text).remove(u"MUSTER_HOME"_s).contains(u'_'), qPrintable(text));
}

void TestDescribeError::everyCodeHasASentence()
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code)
        QVERIFY(describe(Error{.code = static_cast<ErrorCode>(code)}).endsWith(u'.'));
}

void TestDescribeError::namesOfFilesAreNotPatterns()
{
    const QString text = describe(Error{ErrorCode::NotTrusted, u"/p/%2"_s, u"/p/%1/a"_s});
    QVERIFY2(text.contains(u"muster trust /p/%2”"_s), qPrintable(text));
    QVERIFY2(text.contains(u"Read /p/%1/a,"_s), qPrintable(text));
}

void TestDescribeError::mustersOwnEndIsNotTheAgents()
{
    QCOMPARE(describe(FailureReason::Crashed, u"signal 9"_s), describe(FailureReason::Crashed));
    QVERIFY(describe(FailureReason::Crashed, u"node_died"_s).contains("Muster"_L1));
    QVERIFY(describe(FailureReason::Aborted, u"node_stopped"_s).contains("Muster"_L1));
}

QTEST_GUILESS_MAIN(TestDescribeError)
#include "tst_describe_error.moc"
