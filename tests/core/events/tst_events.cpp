// Events survive their codec unchanged; what is unknown or wrong is told apart from what is there.
#include "core/base/json_codec.h"
#include "core/events/event.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestEvents : public QObject {
    Q_OBJECT
private slots:
    void sessionEventsRoundTrip_data();
    void sessionEventsRoundTrip();
    void unknownKindIsNotAnEvent();
    void wrongTypeNamesTheKey();
    void eventRoundTrips();
};

Q_DECLARE_METATYPE(muster::SessionEvent)

void TestEvents::sessionEventsRoundTrip_data()
{
    QTest::addColumn<SessionEvent>("event");
    const std::vector<SessionEvent> samples{
        SessionStarted{.nativeId = u"n1"_s,
                       .agentName = u"demo"_s,
                       .agentVersion = u"1"_s,
                       .model = {},
                       .resumed = true},
        TurnStarted{.turn = 3},
        TextDelta{.messageId = u"m"_s, .text = u"añb"_s},
        ThinkingDelta{.messageId = u"m"_s, .text = u"hm"_s},
        ToolStarted{.toolId = u"t"_s,
                    .title = u"Read"_s,
                    .kind = ToolKind::Read,
                    .paths = {u"/a"_s},
                    .input = {{u"k"_s, 1}}},
        ToolOutput{.toolId = u"t"_s, .text = u"out"_s, .replaces = true},
        ToolFinished{.toolId = u"t"_s, .outcome = ToolOutcome::Declined},
        FileChanged{.path = u"/a"_s},
        PlanUpdated{.entries = {{.text = u"do"_s, .status = u"pending"_s}}},
        PermissionRequested{
            .requestId = u"0"_s,
            .toolId = u"t"_s,
            .title = u"Write"_s,
            .kind = ToolKind::Edit,
            .paths = {u"/b"_s},
            .command = {},
            .diff = u"+x"_s,
            .options = {{.id = u"o"_s, .label = u"Allow"_s, .kind = PermissionOptionKind::AllowOnce}}},
        QuestionAsked{.requestId = u"q"_s, .text = u"?"_s, .choices = {u"a"_s}},
        Usage{.tokensIn = 5'000'000'000, .tokensOut = 2, .tokensCached = 1, .costMicroUsd = 42},
        Usage{},
        RateLimited{.hard = true, .resetAtMs = 1'795'224'098'000, .detail = u"429"_s},
        SessionWarning{.code = u"unknown_message"_s, .detail = u"x"_s},
        TurnFinished{.outcome = TurnOutcome::Failed, .reason = FailureReason::Stalled, .detail = u"d"_s},
        SessionEnded{.reason = std::nullopt, .detail = {}, .exitCode = 143},
    };
    int number = 0; // one kind may be there twice
    for (const SessionEvent &event : samples)
        QTest::addRow("%d %s", ++number, qPrintable(kindOf(event))) << event;
}

void TestEvents::sessionEventsRoundTrip()
{
    QFETCH(SessionEvent, event);
    const auto back = sessionEventFromJson(kindOf(event), toJson(event));
    QVERIFY(back);
    QCOMPARE(back->index(), event.index());
    QCOMPARE(toJson(*back), toJson(event));
}

void TestEvents::unknownKindIsNotAnEvent()
{
    QVERIFY(!sessionEventFromJson(u"session.telepathy"_s, {}));
    QVERIFY(!sessionEventFromJson(u"session.text"_s, {{u"text"_s, 5}}));
}

void TestEvents::wrongTypeNamesTheKey()
{
    QStringList list;
    const Status status = readJsonValue(QJsonArray{u"a"_s, 2}, list);
    QVERIFY(!status);
    QCOMPARE(status.error().code, ErrorCode::Protocol);
    QVERIFY(status.error().where.startsWith(u"1"));
}

void TestEvents::eventRoundTrips()
{
    const Event event{.seq = 7,
                      .atMs = 1'700'000'000'123,
                      .kind = u"step.status"_s,
                      .refs = {.project = {1},
                               .run = {2},
                               .step = {3},
                               .task = {4},
                               .session = {5},
                               .conversation = {6},
                               .inbox = {7}},
                      .source = u"person"_s,
                      .data = {{u"status"_s, u"running"_s}}};
    QCOMPARE(eventFromJson(toJson(event)), event);
}

QTEST_GUILESS_MAIN(TestEvents)
#include "tst_events.moc"
