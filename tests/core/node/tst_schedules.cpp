// Schedules over a whole node, with the demo agent and real flows: a schedule fires by itself, its work is
// done and recorded; the overlap rule, run now at capacity, failures that pause it, files of a project,
// several nodes after one another.
#include "tests/core/node/chat_helpers.h"

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestSchedules : public QObject {
    Q_OBJECT
private slots:
    void init();
    void aPromptFiresAndIsRecorded();
    void aFlowIsStartedWithItsInputs();
    void failuresPauseIt();
    void overlapQueuesOne();
    void overlapStopsTheOneBefore();
    void runNowAtCapacity();
    void pauseAndResume();
    void itIsRefusedWithItsPlace();
    void previewTellsWhatItMeets();
    void filesOfAProject();
    void goesOnAfterTheNode();

private:
    [[nodiscard]] SaveSchedule often(const QString &prompt, OverlapRule overlap = OverlapRule::Queue) const
    {
        return {.project = m_folder->path(),
                .spec = {.name = u"often"_s, .prompt = prompt, .when = u"every 1s"_s, .overlap = overlap}};
    }
    static ScheduleId made(const Result<CommandDone> &done)
    {
        return ScheduleId{done ? done->text.toLongLong() : 0};
    }
    static ScheduleDetail show(NodeHarness &node, ScheduleId id)
    {
        return node.query(ShowSchedule{.schedule = id}).value_or(ScheduleDetail{});
    }
    // The oldest firing that has ended, once one has.
    static std::optional<FiringInfo> ended(NodeHarness &node, ScheduleId id)
    {
        std::optional<FiringInfo> found;
        (void)waitFor([&] {
            for (const FiringInfo &firing : show(node, id).firings)
                if (firing.completedAt > 0)
                    found = firing;
            return found.has_value();
        });
        return found;
    }
    [[nodiscard]] bool write(const QString &path, const QByteArray &text) const
    {
        QFile file(m_folder->filePath(path));
        return QDir().mkpath(QFileInfo(file.fileName()).path()) && file.open(QIODevice::WriteOnly) &&
               file.write(text) == text.size();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSchedules::init() { m_folder = std::make_unique<QTemporaryDir>(); }

void TestSchedules::aPromptFiresAndIsRecorded()
{
    NodeHarness node(false);
    const ScheduleId id = made(node.submit(often(u"@@stall:2 say hello"_s)));
    QVERIFY(id.isValid());
    const auto firing = ended(node, id);
    QVERIFY(firing);
    QCOMPARE(firing->status, FiringStatus::Completed);
    QCOMPARE(firing->cause, FiringCause::Clock);
    QVERIFY(firing->task.isValid());
    QVERIFY(firing->firedAt >= firing->nominalAt);
    QVERIFY(firing->firedAt - firing->nominalAt < 10'000);
    QVERIFY(firing->claimedAt >= firing->firedAt && firing->completedAt >= firing->claimedAt);
    QVERIFY(firing->steps > 0);
    QCOMPARE(firing->schedulesRunning, 1);
    const auto tasks = node.query(ListTasks{});
    const auto task = std::ranges::find(*tasks, firing->task, &TaskInfo::id);
    QVERIFY(task != tasks->end());
    QCOMPARE(task->source, u"schedule"_s);
    QCOMPARE(task->pool, u"scheduled"_s);
    QCOMPARE(task->status, TaskStatus::Completed);
    // What was measured of this process is written once it has ended; of a firing shorter than a look,
    // nothing is.
    QVERIFY(waitFor([&] {
        const ScheduleDetail now = show(node, id);
        return std::ranges::any_of(now.firings, [](const FiringInfo &each) {
            return each.loopLagMs >= 0 && each.peakMemoryBytes > 1'000'000;
        });
    }));
    QVERIFY(node.submit(PauseSchedule{.schedule = id}));
    const ScheduleDetail detail = show(node, id);
    QCOMPARE(detail.schedule.state, ScheduleState::Paused);
    QVERIFY(detail.schedule.lastAt > 0);
    QVERIFY(detail.schedule.averages.firings > 0);
    const auto time = std::ranges::find(detail.occurrences, firing->id, &OccurrenceInfo::firing);
    QVERIFY(time != detail.occurrences.end());
    QCOMPARE(time->nominalAt, firing->nominalAt);
}

void TestSchedules::aFlowIsStartedWithItsInputs()
{
    QVERIFY(write(u"flows/own.flow.yaml"_s, "muster: 1\nname: own\ndefaults: { isolation: none }\n"
                                            "inputs: { word: { type: string } }\nsteps:\n"
                                            "  - { id: a, run: \"echo ${{ inputs.word }}\" }\n"));
    NodeHarness node(false);
    QVERIFY(node.submit(TrustProject{.path = m_folder->path()}));
    const ScheduleId id = made(node.submit(SaveSchedule{
        .project = m_folder->path(),
        .spec = {
            .name = u"f"_s, .flow = u"own"_s, .inputs = {{u"word"_s, u"hello"_s}}, .when = u"every 1s"_s}}));
    QVERIFY(id.isValid());
    const auto firing = ended(node, id);
    QVERIFY(firing);
    QVERIFY2(firing->status == FiringStatus::Completed, qPrintable(firing->detail));
    QVERIFY(firing->run.isValid());
    QVERIFY(firing->runNumber > 0);
    const auto run = node.query(GetRun{.run = firing->run});
    QCOMPARE(run->run.inputs.value(u"word"_s).toString(), u"hello"_s);
    QCOMPARE(run->run.status, RunStatus::Completed);
}

void TestSchedules::failuresPauseIt()
{
    NodeHarness node(false);
    const ScheduleId id = made(node.submit(SaveSchedule{
        .project = m_folder->path(), .spec = {.name = u"f"_s, .flow = u"nowhere"_s, .when = u"every 1s"_s}}));
    QVERIFY(id.isValid());
    QVERIFY(waitFor([&] { return show(node, id).schedule.state == ScheduleState::PausedByRule; }));
    const ScheduleDetail detail = show(node, id);
    QCOMPARE(detail.schedule.pauseReason, PauseReason::FailureStreak);
    QCOMPARE(detail.schedule.failureStreak, 3);
    QCOMPARE(detail.schedule.turnLimitStreak, 0);
    QCOMPARE(detail.firings.size(), size_t{3});
    for (const FiringInfo &firing : detail.firings) {
        QCOMPARE(firing.status, FiringStatus::NotStarted);
        QVERIFY2(firing.detail.contains(u"nowhere"_s), qPrintable(firing.detail));
    }
    const auto inbox = node.query(ListInbox{});
    const auto warning = std::ranges::find(*inbox, InboxKind::Warning, &InboxInfo::kind);
    QCOMPARE(std::ranges::count(*inbox, InboxKind::Warning, &InboxInfo::kind), 1);
    QCOMPARE(std::ranges::count(*inbox, InboxKind::Result, &InboxInfo::kind), 1); // the last of the failures
    QVERIFY(warning->purpose.startsWith(u"schedule_paused\nfailure_streak"_s));
    QVERIFY(node.submit(ResumeSchedule{.schedule = id}));
    QCOMPARE(show(node, id).schedule.failureStreak, 0);
}

void TestSchedules::overlapQueuesOne()
{
    NodeHarness node(false);
    const ScheduleId id = made(node.submit(often(u"@@stall:600 say hello"_s)));
    QVERIFY(waitFor([&] {
        const ScheduleDetail detail = show(node, id);
        return std::ranges::count(detail.occurrences, OccurrenceReason::QueueFull, &OccurrenceInfo::reason) >=
               1;
    }));
    const ScheduleDetail detail = show(node, id);
    QCOMPARE(detail.firings.size(), size_t{1});
    QCOMPARE(std::ranges::count(detail.occurrences, OccurrenceReason::Overlap, &OccurrenceInfo::reason), 1);
    QCOMPARE(std::ranges::count(detail.occurrences, OccurrenceOutcome::Fired, &OccurrenceInfo::outcome), 1);
    QCOMPARE(detail.schedule.queued, 1);
    // What waits is left out once it is paused.
    QVERIFY(node.submit(PauseSchedule{.schedule = id}));
    QCOMPARE(show(node, id).schedule.queued, 0);
}

void TestSchedules::overlapStopsTheOneBefore()
{
    NodeHarness node(false);
    const ScheduleId id = made(node.submit(often(u"@@stall:600 say hello"_s, OverlapRule::CancelRunning)));
    QVERIFY(waitFor([&] { return show(node, id).firings.size() >= 2; }));
    QVERIFY(node.submit(PauseSchedule{.schedule = id}));
    const ScheduleDetail detail = show(node, id);
    const FiringInfo &first = detail.firings.back();
    QCOMPARE(first.status, FiringStatus::Cancelled);
    QCOMPARE(first.reason, FailureReason::Aborted);
    const auto replaced =
        std::ranges::find(detail.occurrences, OccurrenceReason::Replaced, &OccurrenceInfo::reason);
    QVERIFY(replaced != detail.occurrences.end());
    QCOMPARE(detail.schedule.failureStreak, 0);
}

void TestSchedules::runNowAtCapacity()
{
    NodeHarness node(false);
    SaveSchedule save{.project = m_folder->path(),
                      .spec = {.name = u"a"_s, .prompt = u"@@stall:600 say hello"_s, .when = u"@yearly"_s}};
    const ScheduleId id = made(node.submit(save));
    QVERIFY(node.submit(RunScheduleNow{.schedule = id}));
    QVERIFY(node.submit(RunScheduleNow{.schedule = id}));
    QVERIFY(waitFor([&] { return show(node, id).schedule.running == 2; }));
    const auto third = node.submit(RunScheduleNow{.schedule = id});
    QVERIFY(!third);
    QCOMPARE(third.error().code, ErrorCode::Conflict);
    QCOMPARE(third.error().detail, u"at_capacity"_s);
    const auto queued = node.submit(RunScheduleNow{.schedule = id, .atCapacity = AtCapacity::Queue});
    QVERIFY(queued);
    QVERIFY(queued->refs.task.isValid());
    const ScheduleDetail detail = show(node, id);
    QCOMPARE(detail.schedule.queued, 1);
    QCOMPARE(detail.occurrences.size(), size_t{0});
    for (const FiringInfo &firing : detail.firings)
        QCOMPARE(firing.cause, FiringCause::Person);
}

void TestSchedules::pauseAndResume()
{
    NodeHarness node(false);
    SaveSchedule save = often(u"say hello"_s);
    save.paused = true;
    const ScheduleId id = made(node.submit(save));
    const ScheduleInfo paused = show(node, id).schedule;
    QCOMPARE(paused.state, ScheduleState::Paused);
    QCOMPARE(paused.nextAt, 0);
    QVERIFY(node.submit(ResumeSchedule{.schedule = id}));
    QVERIFY(ended(node, id));
    QVERIFY(node.submit(RemoveSchedule{.schedule = id}));
    QCOMPARE(node.query(ShowSchedule{.schedule = id}).error().code, ErrorCode::NotFound);
    // A moment that is over has nothing to go on to.
    const ScheduleId over = made(node.submit(
        SaveSchedule{.project = m_folder->path(),
                     .spec = {.name = u"over"_s, .prompt = u"x"_s, .when = u"2020-01-01 09:00"_s}}));
    QCOMPARE(show(node, over).schedule.state, ScheduleState::Expired);
    QCOMPARE(node.submit(ResumeSchedule{.schedule = over}).error().code, ErrorCode::Conflict);
}

void TestSchedules::itIsRefusedWithItsPlace()
{
    NodeHarness node(false);
    const auto refused = [&](const ScheduleSpec &spec) {
        const auto done = node.submit(SaveSchedule{.project = m_folder->path(), .spec = spec});
        return done ? Error{} : done.error();
    };
    ScheduleSpec spec{.name = u"a"_s, .prompt = u"x"_s, .when = u"every monday att 9"_s};
    QCOMPARE(refused(spec).where, u"when"_s);
    QVERIFY(refused(spec).detail.startsWith(u"not_understood\n13\natt"_s));
    spec.when = u"hourly"_s;
    spec.zone = u"Mars/Olympus"_s;
    QCOMPARE(refused(spec).where, u"zone"_s);
    spec.zone = u"UTC"_s;
    spec.pool = u"nowhere"_s;
    QCOMPARE(refused(spec).code, ErrorCode::NotFound);
    spec.pool = u"scheduled"_s;
    spec.flow = u"survey"_s;
    QCOMPARE(refused(spec).detail, u"prompt_and_flow"_s);
    spec.flow.clear();
    const ScheduleId id = made(node.submit(SaveSchedule{.project = m_folder->path(), .spec = spec}));
    QVERIFY(id.isValid());
    QCOMPARE(refused(spec).code, ErrorCode::AlreadyExists);
    spec.when = u"daily"_s;
    QVERIFY(node.submit(SaveSchedule{.schedule = id, .spec = spec, .revision = 1}));
    const auto old = node.submit(SaveSchedule{.schedule = id, .spec = spec, .revision = 1});
    QVERIFY(!old);
    QCOMPARE(old.error().where, u"revision"_s);
    QCOMPARE(node.submitAsAgent(PauseSchedule{.schedule = id}).error().code, ErrorCode::PermissionDenied);
}

void TestSchedules::previewTellsWhatItMeets()
{
    NodeHarness node(false);
    const ScheduleSpec spec{
        .name = u"a"_s, .prompt = u"x"_s, .when = u"weekdays at 9"_s, .zone = u"Europe/Berlin"_s};
    const auto preview = node.query(PreviewWhen{.project = m_folder->path(),
                                                .spec = spec,
                                                .from = 1'780'264'800'000,
                                                .count = 2}); // 2026-06-01 00:00
    QVERIFY(preview);
    QCOMPARE(preview->kind, u"cron"_s);
    QCOMPARE(preview->cron, u"0 9 * * 1-5"_s);
    QCOMPARE(preview->next, (std::vector<qint64>{1'780'297'200'000, 1'780'383'600'000}));
    QVERIFY(!preview->collision && !preview->calibration && !preview->problem);
    ScheduleSpec wrong = spec;
    wrong.when = u"weekdays at 25"_s;
    QCOMPARE(node.query(PreviewWhen{.spec = wrong})->problem->mistake, u"bad_time"_s);
    QCOMPARE(node.query(PreviewWhen{.spec = wrong})->problem->position, 12);
}

void TestSchedules::filesOfAProject()
{
    const QByteArray text = "muster: 1\nname: nightly\nwhen: daily at 3\nprompt: Look\n";
    QVERIFY(write(u"schedules/nightly.schedule.yaml"_s, text));
    NodeHarness node(false);
    QVERIFY(node.submit(OpenProject{.path = m_folder->path()}));
    const auto all = [&] {
        return node.query(ListSchedules{.project = m_folder->path()}).value_or(ScheduleList{});
    };
    QVERIFY(waitFor([&] { return all().problems.size() == 1; }));
    QCOMPARE(all().problems.front().problem.code, u"not_trusted"_s);
    QVERIFY(all().schedules.empty());
    QVERIFY(node.submit(TrustProject{.path = m_folder->path()}));
    QVERIFY(waitFor([&] { return all().schedules.size() == 1; }));
    const ScheduleInfo schedule = all().schedules.front();
    QCOMPARE(schedule.origin, u"file"_s);
    QCOMPARE(schedule.file, u"schedules/nightly.schedule.yaml"_s);
    QCOMPARE(schedule.spec.prompt, u"Look"_s);
    QVERIFY(all().problems.empty());
    // A person does not say what the file says, but may let it rest.
    const auto changed = node.submit(SaveSchedule{.schedule = schedule.id, .spec = schedule.spec});
    QCOMPARE(changed.error().detail, u"file"_s);
    QCOMPARE(node.submit(RemoveSchedule{.schedule = schedule.id}).error().detail, u"file"_s);
    QVERIFY(node.submit(PauseSchedule{.schedule = schedule.id}));
    // A mistake changes nothing and is told with its place.
    QVERIFY(write(u"schedules/nightly.schedule.yaml"_s,
                  "muster: 1\nname: nightly\nwhen: daily att 3\nprompt: Look\n"));
    QVERIFY(node.submit(TrustProject{.path = m_folder->path()}));
    QVERIFY(waitFor([&] { return !all().problems.empty(); }));
    QCOMPARE(all().problems.front().problem.line, 3);
    QCOMPARE(all().problems.front().problem.column, 13);
    QCOMPARE(all().schedules.front().spec.when, u"daily at 3"_s);
    const auto checked = node.query(CheckSchedules{.project = m_folder->path()});
    QCOMPARE(checked->size(), size_t{1});
    QCOMPARE(node.query(CheckSchedules{.project = m_folder->path(), .file = u"none"_s}).error().code,
             ErrorCode::NotFound);
    // What is not there any more ends.
    QVERIFY(QFile::remove(m_folder->filePath(u"schedules/nightly.schedule.yaml"_s)));
    QVERIFY(node.submit(TrustProject{.path = m_folder->path()}));
    QVERIFY(waitFor([&] { return all().schedules.empty(); }));
}

void TestSchedules::goesOnAfterTheNode()
{
    NodeHarness node(true); // in the same process the owner of what runs would be alive
    const ScheduleId id = made(node.submit(often(u"say hello"_s)));
    QVERIFY(ended(node, id));
    node.killServer();
    node.startServer();
    const size_t before = show(node, id).firings.size();
    QVERIFY(waitFor([&] { return show(node, id).firings.size() > before; }));
    // Each time since it was made has one record.
    const ScheduleDetail detail = show(node, id);
    for (size_t at = 1; at < detail.occurrences.size(); ++at)
        QCOMPARE(detail.occurrences[at - 1].nominalAt, detail.occurrences[at].lastAt + 1000);
}

QTEST_GUILESS_MAIN(TestSchedules)
#include "tst_schedules.moc"
