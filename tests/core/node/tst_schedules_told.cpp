// Every change of what a node says of schedules is told by an event, so that nobody need ask again by a
// timer: what fires, begins, waits and ends, what is measured of it, and which files are wrong.
#include "core/viewmodel/describe_event.h"
#include "tests/core/node/schedule_ground.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestSchedulesTold : public QObject {
    Q_OBJECT
private slots:
    void aFiringBegins();
    void aFlowBegins();
    void aTimeWaits();
    void filesAreWrong();

private:
    // What is told from now on, and what a listener finds who asks at once.
    struct Listener {
        explicit Listener(ScheduleGround &of)
            : ground(of)
        {
            of.node.api().subscribe({.filter = {.kinds = {u"schedule."_s}}}, &context,
                                    [this](const Notice &notice) {
                if (const auto *told = std::get_if<EventsNotice>(&notice))
                    events.insert(events.end(), told->events.begin(), told->events.end());
            });
        }
        [[nodiscard]] QStringList kinds() const
        {
            QStringList kinds;
            for (const Event &event : events)
                kinds += event.kind.section(u'.', 1);
            return kinds;
        }
        [[nodiscard]] const Event *first(const QString &kind) const
        {
            const auto found = std::ranges::find(events, u"schedule."_s + kind, &Event::kind);
            return found == events.end() ? nullptr : &*found;
        }
        // How many mistakes were told of last; -1: of none.
        [[nodiscard]] int mistakes() const
        {
            const auto last =
                std::ranges::find(events.rbegin(), events.rend(), u"schedule.files"_s, &Event::kind);
            return last == events.rend() ? -1 : last->data.value("problems"_L1).toInt();
        }
        [[nodiscard]] std::vector<ScheduleFileProblem> problems() const
        {
            return ground.node.query(ListSchedules{}).value_or(ScheduleList{}).problems;
        }

        ScheduleGround &ground;
        QObject context;
        std::vector<Event> events;
    };
};

void TestSchedulesTold::aFiringBegins()
{
    ScheduleGround ground;
    const ScheduleId id = ground.make({.prompt = u"@@stall:1 say hello"_s});
    const Listener listener(ground);
    const FiringId firing = ground.fire(id);
    QVERIFY(waitFor([&] { return listener.first(u"started"_s); }));
    QCOMPARE(listener.first(u"started"_s)->data.value("schedule"_L1).toInteger(), id.value);
    QCOMPARE(listener.first(u"started"_s)->data.value("firing"_L1).toInteger(), firing.value);
    QCOMPARE(ground.show(id).schedule.running, 1);
    QVERIFY(ground.show(id).schedule.lastAt > 0);
    QVERIFY(waitFor([&] { return listener.first(u"ended"_s); }));
    QCOMPARE(listener.kinds(), (QStringList{u"run_now"_s, u"fired"_s, u"started"_s, u"ended"_s}));
    // What was measured is there with its end.
    const FiringInfo ended = ground.show(id).firings.front();
    QCOMPARE(ended.status, FiringStatus::Completed);
    QVERIFY(ended.loopLagMs >= 0 && ended.peakMemoryBytes > 0);
}

void TestSchedulesTold::aFlowBegins()
{
    ScheduleGround ground;
    ground.putFlow(u"own"_s, "defaults: { isolation: none }\nsteps: [{ id: a, run: \"true\" }]\n");
    const ScheduleId id = ground.make({.flow = u"own"_s});
    const Listener listener(ground);
    const FiringInfo ended = ground.fired(id);
    QCOMPARE(ended.status, FiringStatus::Completed);
    QVERIFY(waitFor([&] { return listener.first(u"ended"_s); }));
    QCOMPARE(listener.kinds(), (QStringList{u"run_now"_s, u"fired"_s, u"started"_s, u"ended"_s}));
}

void TestSchedulesTold::aTimeWaits()
{
    ScheduleGround ground;
    const Listener listener(ground);
    const ScheduleId id = ground.make({.prompt = u"@@stall:600 say hello"_s, .when = u"every 1s"_s});
    QVERIFY(waitFor([&] { return listener.first(u"delayed"_s); }));
    const Event waits = *listener.first(u"delayed"_s);
    QCOMPARE(waits.data.value("count"_L1).toInt(), 1);
    QCOMPARE(waits.data.value("reason"_L1).toString(), enumName(OccurrenceReason::Overlap));
    QCOMPARE(ground.show(id).schedule.queued, 1);
    QCOMPARE(describeEvent(waits), u"nightly: 1 time(s) put off (the one before still went on)"_s);
}

void TestSchedulesTold::filesAreWrong()
{
    ScheduleGround ground;
    Listener listener(ground);
    ground.put(u"schedules/a.schedule.yaml"_s, "muster: 1\nname: a\nwhen: daily att 3\nprompt: x\n");
    QVERIFY(ground.node.submit(TrustProject{.path = ground.folder()}));
    // Before it is trusted that is what is wrong, if the node has looked by then.
    QVERIFY(waitFor([&] { return listener.mistakes() == 1; }));
    const auto problems = listener.problems();
    QCOMPARE(problems.size(), 1U);
    QCOMPARE(problems.front().problem.code, u"when"_s);
    QCOMPARE(describeEvent(listener.events.back()), u"1 mistake(s)"_s);
    // The same mistake again is no news; that a file is not trusted is, if the node has looked before it was.
    listener.events.clear();
    ground.put(u"schedules/b.schedule.yaml"_s, "muster: 1\nname: b\nwhen: daily\nprompt: x\n");
    QVERIFY(ground.node.submit(TrustProject{.path = ground.folder()}));
    QVERIFY(waitFor([&] { return listener.first(u"saved"_s); }));
    QVERIFY(waitFor([&] { return listener.mistakes() == 1 || listener.mistakes() == -1; }));
    QVERIFY(QFile::remove(ground.folder() + u"/schedules/a.schedule.yaml"_s));
    QVERIFY(ground.node.submit(TrustProject{.path = ground.folder()}));
    QVERIFY(waitFor([&] { return listener.mistakes() == 0; }));
    QVERIFY(listener.problems().empty());
    QCOMPARE(describeEvent(listener.events.back()), u"nothing is wrong any more"_s);
}

QTEST_GUILESS_MAIN(TestSchedulesTold)
#include "tst_schedules_told.moc"
