// Events as sentences, and what caused them.
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/event_cause.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDescribeEvent : public QObject {
    Q_OBJECT
private slots:
    void sentences_data();
    void sentences();
    void longTextIsCut();
    void iconsExist();
    void causes_data();
    void causes();
};

namespace {

QJsonObject json(const char *text) { return QJsonDocument::fromJson(text).object(); }

} // namespace

void TestDescribeEvent::sentences_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<EventTone>("tone");
    const auto row = [](const char *kind, const char *data, const QString &sentence, EventTone tone) {
        QTest::addRow("%s %s", kind, data)
            << QString::fromLatin1(kind) << QByteArray(data) << sentence << tone;
    };
    row("run.created", R"({"flow":"survey","number":3})", u"survey #3"_s, EventTone::Plain);
    row("run.finished", R"({"status":"failed","reason":"crashed","detail":"exit 1","step":"a"})",
        u"Failed: Crashed (exit 1)"_s, EventTone::Bad);
    row("run.finished", R"({"status":"completed"})", u"Completed"_s, EventTone::Good);
    row("step.started", R"({"key":"4/read[2]#1"})", u"read[2]"_s, EventTone::Running);
    row("step.started", R"({"key":"4/read[2]#3"})", u"read[2], attempt 3"_s, EventTone::Running);
    row("step.finished",
        R"({"key":"4/build#1","result":{"outcome":"error","reason":"gate_failed","exit_code":2}})",
        u"build: failed: A check did not pass, exit code 2"_s, EventTone::Bad);
    row("step.settled", R"({"step":"b","status":"failed","reason":"dependency_failed","at_fault":"a"})",
        u"b: Failed: A step it needs failed, because of a"_s, EventTone::Bad);
    row("step.condition", R"({"step":"w","value":false})", u"w: no, it is skipped"_s, EventTone::Plain);
    row("session.tool_finished", R"({"tool":"t1","outcome":"failed"})", u"t1: failed"_s, EventTone::Bad);
    row("session.permission_requested", R"({"title":"Run make","command":"make all"})",
        u"Run make: make all"_s, EventTone::Waiting);
    row("permission.decided", R"({"title":"Run make","allowed":false,"message":"no rule"})",
        u"Run make: denied (no rule)"_s, EventTone::Bad);
    row("worktree.committed", R"({"commit":"abc","files":["a.txt"]})", u"1 file(s): a.txt"_s,
        EventTone::Plain);
    row("session.ended", R"({"reason":"unkillable","detail":"12 34"})",
        u"Could not be ended; still there: 12, 34"_s, EventTone::Bad);
    row("session.ended", R"({"reason":"launch_failed","detail":"wrong_version: needs Node.js"})",
        u"Too old (needs Node.js)"_s, EventTone::Bad);
    row("session.near_limit", R"({"detail":"memory_limit 838860800 1048576000"})",
        u"It took 800 MiB of memory, 1000 MiB are allowed"_s, EventTone::Waiting);
    row("session.paused", R"({"detail":"runaway_output 52428800"})",
        u"It wrote more than 50 MiB of text in a minute"_s, EventTone::Waiting);
    row("step.finished",
        R"({"key":"4/a#3","result":{"outcome":"error","reason":"runtime_error","detail":"no_progress 3"}})",
        u"a, attempt 3: failed: It got nowhere: 3 attempts in a row changed and read nothing new"_s,
        EventTone::Bad);
    row("task.claimed", R"({"epoch":1,"key":"4/a#1"})", u"a"_s, EventTone::Running);
    row("task.claimed", R"({"epoch":1})", QString(), EventTone::Running);
    row("task.taken_over", R"({"epoch":3,"key":"4/a#1"})", u"a: taken 3 time(s) so far"_s, EventTone::Plain);
    row("future.thing", R"({"x":1,"why":"slow","all":[1,2]})", u"all: [1,2], why: slow, x: 1"_s,
        EventTone::Plain);
    row("future.thing", "{}", QString(), EventTone::Plain);
}

void TestDescribeEvent::sentences()
{
    QFETCH(QString, kind);
    QFETCH(QByteArray, data);
    QFETCH(QString, sentence);
    QFETCH(EventTone, tone);
    const Event event{.kind = kind, .data = json(data.constData())};
    QCOMPARE(describeEvent(event), sentence);
    QCOMPARE(toneOf(event), tone);
}

void TestDescribeEvent::longTextIsCut()
{
    const Event event{.kind = u"session.text"_s, .data = {{u"text"_s, QString(u"a\n"_s.repeated(100'000))}}};
    const QString sentence = describeEvent(event);
    QCOMPARE(sentence.size(), maxSentence);
    QVERIFY(!sentence.contains(u'\n'));
}

void TestDescribeEvent::iconsExist()
{
    for (const QString &kind :
         {u"run.created"_s, u"step.retry"_s, u"session.tool_started"_s, u"session.usage"_s, u"node.setting"_s,
          u"unknown.kind"_s, u"chat.new"_s, u"worktree.merged"_s}) {
        const QString path =
            u"%1/resources/icons/%2.svg"_s.arg(QString::fromLatin1(MUSTER_SOURCE_DIR), iconForEvent(kind));
        QVERIFY2(QFile::exists(path), qPrintable(path));
    }
    for (const EventGroup &group : eventGroups()) {
        QVERIFY(!group.label.isEmpty());
        QVERIFY(!group.kinds.isEmpty());
    }
}

void TestDescribeEvent::causes_data()
{
    QTest::addColumn<Event>("event");
    QTest::addColumn<Event>("cause");
    QTest::addColumn<Event>("other");
    const EventRefs refs{.run = RunId{1}, .step = StepRunId{2}, .task = TaskId{3}, .session = SessionId{4}};
    const auto event = [refs](const char *kind, const char *data) {
        return Event{.kind = QString::fromLatin1(kind), .refs = refs, .data = json(data)};
    };
    QTest::newRow("tool") << event("session.tool_finished", R"({"tool":"a"})")
                          << event("session.tool_started", R"({"tool":"a"})")
                          << event("session.tool_started", R"({"tool":"b"})");
    QTest::newRow("permission") << event("permission.decided", R"({"request":"r"})")
                                << event("session.permission_requested", R"({"request":"r"})")
                                << event("session.permission_requested", R"({"request":"s"})");
    QTest::newRow("step") << event("step.started", R"({"key":"1/a#1"})")
                          << event("step.queued", R"({"key":"1/a#1"})")
                          << event("step.queued", R"({"key":"1/b#1"})");
    QTest::newRow("fault") << event("step.settled", R"({"step":"b","at_fault":"a"})")
                           << event("step.settled", R"({"step":"a"})")
                           << event("step.settled", R"({"step":"c"})");
    QTest::newRow("run") << event("run.finished", R"({"step":"a"})")
                         << event("step.settled", R"({"step":"a"})")
                         << event("step.settled", R"({"step":"b"})");
}

void TestDescribeEvent::causes()
{
    QFETCH(Event, event);
    QFETCH(Event, cause);
    QFETCH(Event, other);
    const auto rule = causeRuleOf(event);
    QVERIFY(rule);
    const auto named = [&](const Event &candidate) {
        return std::ranges::any_of(rule->among.kinds,
                                   [&](const QString &kind) { return candidate.kind.startsWith(kind); });
    };
    QVERIFY(named(cause));
    QVERIFY(rule->isCause(cause));
    QVERIFY(!rule->isCause(other));
    QVERIFY(!causeRuleOf(Event{.kind = u"run.created"_s, .refs = {.run = RunId{1}}}));
}

QTEST_GUILESS_MAIN(TestDescribeEvent)
#include "tst_describe_event.moc"
