// Every state of schedules, times and firings has words, and what is wrong is told with what to write
// instead.
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/describe_firing.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDescribeFiring : public QObject {
    Q_OBJECT
private slots:
    void everyWordIsTold();
    void fileProblems_data();
    void fileProblems();
    void warnings();
    void results();
    void errors();
    void events();
};

namespace {

// Each of them, and no two alike.
template <typename E> bool areTold()
{
    QSet<QString> words;
    for (const auto &[value, name] : EnumNames<E>::table) {
        const QString word = describe(value);
        if (word.isEmpty() != (QByteArrayView(name).isEmpty()))
            return false;
        words.insert(word);
    }
    return std::cmp_equal(words.size(), EnumNames<E>::table.size());
}

} // namespace

void TestDescribeFiring::everyWordIsTold()
{
    QVERIFY(areTold<FiringStatus>());
    QVERIFY(areTold<FiringCause>());
    QVERIFY(areTold<OccurrenceOutcome>());
    QVERIFY(areTold<OccurrenceReason>());
    QVERIFY(areTold<MissedRule>());
    QVERIFY(areTold<OverlapRule>());
    for (const auto &[state, name] : EnumNames<ScheduleState>::table)
        QVERIFY(!describe(state, PauseReason::FailureStreak).isEmpty());
    QVERIFY(describe(ScheduleState::PausedByRule, PauseReason::TurnLimitStreak) !=
            describe(ScheduleState::PausedByRule, PauseReason::FailureStreak));
}

void TestDescribeFiring::fileProblems_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("found");
    QTest::addColumn<QString>("says");
    QTest::newRow("when") << u"when"_s << u"bad_time\n12\n25"_s << u"Column 13: '25' is not a time of day."_s;
    QTest::newRow("zone") << u"zone"_s << u"Mars"_s << u"“Mars” is not a time zone."_s;
    QTest::newRow("both") << u"prompt_and_flow"_s << u"flow"_s
                          << u"A schedule starts a prompt or a flow, not both."_s;
    QTest::newRow("of a prompt") << u"key_of_prompt"_s << u"pool"_s
                                 << u"“pool” is for a prompt; the flow says that itself."_s;
    QTest::newRow("of a flow") << u"key_of_flow"_s << u"inputs"_s
                               << u"“inputs” is for a flow, and this is a prompt."_s;
    QTest::newRow("name") << u"name_taken"_s << u"a"_s
                          << u"There is a schedule “a” in this project already."_s;
    QTest::newRow("pool") << u"pool"_s << u"b"_s << u"There is no pool “b”."_s;
}

void TestDescribeFiring::fileProblems()
{
    QFETCH(QString, code);
    QFETCH(QString, found);
    QFETCH(QString, says);
    QCOMPARE(describe(api::ScheduleFileProblem{.problem = {.code = code, .found = found}}).message, says);
}

void TestDescribeFiring::warnings()
{
    api::InboxInfo item{.purpose = u"schedule_turn_limit\n812\n800"_s, .who = u"nightly"_s};
    QCOMPARE(describeTitle(item), u"“nightly” met its limit of agent steps again: it used 812 of 800."_s);
    item.purpose = u"schedule_paused\nfailure_streak\n12"_s;
    QCOMPARE(describeTitle(item), u"“nightly”: Paused: failed 3 times in a row"_s);
    item.purpose = u"merge"_s;
    QVERIFY(describeScheduleWarning(item).isEmpty());
    item.purpose = u"budget_near\ncost_limit 800000 1000000"_s;
    QCOMPARE(describeTitle(item), u"Near its limit: nightly. $0.80 spent of $1.00"_s);
    item.purpose = u"budget_near\nday_cost_limit 800000 1000000"_s;
    item.who.clear();
    QCOMPARE(describeTitle(item), u"Near the limit of the day. All work of today has spent $0.80 of $1.00"_s);
}

void TestDescribeFiring::results()
{
    api::InboxInfo item{
        .kind = InboxKind::Result, .purpose = u"schedule_result\ncompleted\n\n"_s, .who = u"nightly"_s};
    QCOMPARE(describeTitle(item), u"“nightly” is done"_s);
    item.purpose = u"schedule_result\nfailed\nturn_limit_exceeded\nturns_limit 812 800"_s;
    QCOMPARE(describeTitle(item), u"“nightly” has failed: Used up its agent steps (812 steps used of 800)"_s);
    item.purpose = u"schedule_result\nfailed\n\n"_s;
    QCOMPARE(describeTitle(item), u"“nightly” has failed"_s);
    item.status = InboxStatus::Withdrawn;
    item.answeredBy = u"archived"_s;
    QCOMPARE(describeAnswer(item), u"archived"_s);
    item.answeredBy = u"newer"_s;
    QCOMPARE(describeAnswer(item), u"a newer one came"_s);
}

void TestDescribeFiring::errors()
{
    const auto text = [](ErrorCode code, const char *detail, const char *where) {
        return describe(
            Error{.code = code, .detail = QString::fromLatin1(detail), .where = QString::fromLatin1(where)});
    };
    QCOMPARE(text(ErrorCode::InvalidArgument, "not_understood\n13\natt\n", "when"),
             u"Column 14: 'att' is not understood here."_s);
    QVERIFY(text(ErrorCode::Conflict, "file", "schedules/a.schedule.yaml")
                .contains(u"schedules/a.schedule.yaml"_s));
}

void TestDescribeFiring::events()
{
    const Event fired{.kind = u"schedule.fired"_s,
                      .data = {{u"name"_s, u"nightly"_s}, {u"cause"_s, u"catch_up"_s}}};
    QCOMPARE(describeEvent(fired), u"nightly: made up for"_s);
    const Event ended{.kind = u"schedule.ended"_s,
                      .data = {{u"name"_s, u"nightly"_s}, {u"status"_s, u"completed"_s}}};
    QCOMPARE(describeEvent(ended), u"nightly: Completed"_s);
    QCOMPARE(toneOf(ended), EventTone::Good);
    QCOMPARE(describeSource(u"schedule:7 firing:12"_s), u"schedule 7"_s);
}

QTEST_APPLESS_MAIN(TestDescribeFiring)
#include "tst_describe_firing.moc"
