// What the node tells of a flow before it runs, from its own store, profiles and runtimes; and flow files
// that are read and written through it.
#include "tests/core/node/chat_helpers.h"

#include <QDir>
#include <QElapsedTimer>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestPreflight : public QObject {
    Q_OBJECT
private slots:
    void init();
    void problemsAreAllThatIsTold();
    void estimatesFromEarlierRuns();
    void tellsWhatWouldWorkInstead_data();
    void tellsWhatWouldWorkInstead();
    void tellsWhatIsOverACap();
    void tellsWhatNeedsGit();
    void manySteps();
    void tellsHowManyAtATime();
    void tellsSkills();
    void readsFlows();
    void writesFlows();
    void keepsWhatOthersWrote();
    void writesNowhereElse_data();
    void writesNowhereElse();
    void keepsTrust();
    void agentsMayNotWrite();

private:
    [[nodiscard]] Preflight preflight(const QByteArray &flow) const
    {
        return {.project = m_folder->path(), .flow = u"t"_s, .text = QString::fromUtf8(flow)};
    }
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).absolutePath()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    [[nodiscard]] QByteArray content(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const QByteArray kFlow = "muster: 1\nname: own\ndefaults: {isolation: none}\nsteps:\n"
                         "  - {id: a, prompt: say hello}\n"
                         "  - {id: b, needs: [a], agent: reader, foreach: [one, two], prompt: say hello}\n"
                         "  - {id: c, needs: [b], prompt: 'say ${{ steps.a.output }}'}\n";

QStringList basesOf(const PreflightInfo &info)
{
    QStringList bases;
    for (const StepForecast &step : info.steps)
        bases += step.step + u' ' + step.basis + u' ' + QString::number(step.samples);
    return bases;
}

} // namespace

void TestPreflight::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    write(u"flows/own.flow.yaml"_s, kFlow);
}

void TestPreflight::problemsAreAllThatIsTold()
{
    NodeHarness node(false);
    const auto info = node.query(preflight("muster: 1\nname: t\nsteps: []\n"));
    QVERIFY(info);
    QCOMPARE(info->check.problems.size(), size_t{1});
    QVERIFY(info->steps.empty());
    QCOMPARE(node.query(Preflight{.project = m_folder->path(), .flow = u"nobody"_s}).error().code,
             ErrorCode::NotFound);
}

void TestPreflight::estimatesFromEarlierRuns()
{
    NodeHarness node(false);
    const Preflight query{.project = m_folder->path(), .flow = u"flows/own.flow.yaml"_s};
    const auto before = node.query(query);
    QVERIFY(before);
    QCOMPARE(basesOf(*before), (QStringList{u"a assumed 0"_s, u"b assumed 0"_s, u"c assumed 0"_s}));
    QVERIFY(before->tokensIn.high > 3 * 200'000);
    QCOMPARE(before->costMicroUsd, RangeInfo{}); // the demo costs nothing, and says so
    QVERIFY(before->unpriced.isEmpty());
    QCOMPARE(before->check.steps.size(), size_t{3});
    QCOMPARE(before->check.steps[1].line, 6);

    const auto run = node.submit(StartRun{.project = m_folder->path(), .flow = u"own"_s, .trust = true});
    QVERIFY(run);
    const auto ended = node.ended(run->refs.run);
    QCOMPARE(ended->run.status, RunStatus::Completed);
    const auto after = node.query(query);
    QVERIFY(after);
    QCOMPARE(basesOf(*after), (QStringList{u"a same_step 1"_s, u"b same_step 2"_s, u"c same_step 1"_s}));
    QCOMPARE(after->tokensIn.likely, after->steps[0].tokensIn.likely + after->steps[1].tokensIn.likely +
                                         after->steps[2].tokensIn.likely);
    QCOMPARE(after->steps[0].tokensIn.likely, ended->steps.front().tokensIn);
    QCOMPARE(after->steps[1].attempts.likely, 2);
    // Another flow's step with that profile.
    const auto like =
        node.query(preflight("muster: 1\nname: t\nsteps:\n  - {id: x, agent: reader, prompt: look}\n"));
    QVERIFY(like);
    QCOMPARE(basesOf(*like), QStringList{u"x same_profile 2"_s});
    // On another runtime, of which nothing is known here, nor its price.
    const auto other = node.query(preflight(
        "muster: 1\nname: own\nsteps:\n  - {id: a, runtime: openai-compatible, prompt: say hello}\n"));
    QVERIFY(other);
    QCOMPARE(basesOf(*other), QStringList{u"a assumed 0"_s});
    QCOMPARE(other->unpriced, QStringList{u"a"_s});
}

void TestPreflight::tellsWhatWouldWorkInstead_data()
{
    QTest::addColumn<QString>("fallback");
    QTest::addColumn<QString>("taken");
    QTest::addColumn<QString>("runtime");
    QTest::newRow("nothing") << QString() << QString() << u"gone"_s;
    QTest::newRow("the demo") << u"demo"_s << u"demo"_s << u"demo"_s;
}

void TestPreflight::tellsWhatWouldWorkInstead()
{
    QFETCH(QString, fallback);
    QFETCH(QString, taken);
    QFETCH(QString, runtime);
    NodeHarness node(false, [](const Paths &paths) {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        QFile file(paths.configDir + u"/runtimes/gone.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"id": "gone", "label": "Own", "argv": ["muster-test-no-such-program"]})");
    });
    QVERIFY(node.submit(SetSetting{.key = u"runtime.fallback"_s, .value = fallback}));
    const auto info = node.query(preflight("muster: 1\nname: t\nsteps:\n"
                                           "  - {id: a, runtime: gone, prompt: A}\n"
                                           "  - {id: b, prompt: B}\n"
                                           "  - {id: c, runtime: gone, prompt: C}\n"));
    QVERIFY(info);
    QCOMPARE(info->runtimes.size(), size_t{1});
    const RuntimeForecast &gone = info->runtimes.front();
    QCOMPARE(gone.runtime, u"gone"_s);
    QCOMPARE(gone.problem, u"not_installed"_s);
    QCOMPARE(gone.taken, taken);
    QCOMPARE(gone.steps, (QStringList{u"a"_s, u"c"_s}));
    QCOMPARE(info->steps[0].runtime, runtime);
    QCOMPARE(info->steps[1].runtime, u"demo"_s);
    QCOMPARE(info->steps[1].runtimeBy, u"default"_s);
}

void TestPreflight::tellsWhatIsOverACap()
{
    NodeHarness node(false, [](const Paths &paths) {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        QFile file(paths.configDir + u"/runtimes/priced.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            R"({"id": "priced", "label": "Own", "argv": ["/bin/false"], "default_model": "m", "models": [
            {"id": "m", "label": "M", "prices": {"input": 1000000, "output": 0, "cached": 0,
             "currency": "USD", "date": "2026-11-22", "source": "a test"}}]})");
    });
    const QByteArray steps = "steps:\n  - {id: a, runtime: priced, budget_usd: 0.1, prompt: A}\n"
                             "  - {id: b, runtime: priced, retries: 2, prompt: B}\n  - {id: c, prompt: C}\n";
    // About two cents likely and twenty at the most, each time.
    const auto info = node.query(preflight("muster: 1\nname: t\nbudget_usd: 0.03\n" + steps));
    QVERIFY(info);
    QVERIFY(info->unpriced.isEmpty());
    QCOMPARE(info->steps[0].costMicroUsd->likely, 20'001);
    QCOMPARE(info->caps.size(), size_t{2});
    QVERIFY(info->caps[0].step.isEmpty());
    QVERIFY(info->caps[0].likely);
    QCOMPARE(info->caps[0].blame, (QStringList{u"b"_s, u"a"_s}));
    QCOMPARE(info->caps[1].step, u"a"_s);
    QVERIFY(!info->caps[1].likely);
    QVERIFY(node.query(preflight("muster: 1\nname: t\nbudget_usd: 2\nsteps:\n  - {id: a, prompt: A}\n"))
                ->caps.empty());
}

void TestPreflight::tellsWhatNeedsGit()
{
    NodeHarness node(false);
    const auto none = node.query(preflight(kFlow));
    QVERIFY(none && !none->needsGit);
    const auto writes = node.query(preflight("muster: 1\nname: t\nsteps:\n  - {id: a, run: ls}\n"));
    QVERIFY(writes && writes->needsGit);
    QCOMPARE(writes->check.steps.front().isolation, u"run"_s);
}

void TestPreflight::manySteps()
{
    QByteArray flow = "muster: 1\nname: t\nsteps:\n  - {id: s0, prompt: A}\n";
    for (int i = 1; i < 5000; ++i)
        flow += "  - {id: s" + QByteArray::number(i) + ", agent: reader, needs: [s" +
                QByteArray::number(i - 1) + "], prompt: 'on from ${{ steps.s" + QByteArray::number(i - 1) +
                ".output }}'}\n";
    NodeHarness node(false);
    QVERIFY(node.query(preflight(kFlow))); // what is made at the first time
    QElapsedTimer timer;
    timer.start();
    const auto info = node.query(preflight(flow));
    qInfo("%lld ms for 5000 steps", timer.elapsed());
    QVERIFY(info);
    QCOMPARE(info->steps.size(), size_t{5000});
    QVERIFY(info->tokensIn.likely > 5000 * 20'000);
}

void TestPreflight::tellsHowManyAtATime()
{
    NodeHarness node(false);
    const auto info = node.query(CheckFlow{
        .project = m_folder->path(),
        .flow = u"t"_s,
        .text =
            QString::fromUtf8("muster: 1\nname: t\nbatches: { few: { max_concurrent: 3 } }\n"
                              "groups: { both: { steps: [a, b], limit: 2 }, free: { steps: [e] } }\nsteps:\n"
                              "  - {id: a, prompt: x}\n  - {id: b, prompt: x}\n"
                              "  - {id: c, needs: [both], foreach: [1, 2], batch: few, prompt: x}\n"
                              "  - {id: d, needs: [c], prompt: x}\n"
                              "  - {id: e, needs: [c], batch: few, prompt: x}\n")});
    QVERIFY(info);
    QVERIFY2(info->problems.empty(), qPrintable(info->problems.empty() ? QString() : info->problems[0].code));
    QStringList caps;
    for (const FlowStepInfo &step : info->steps)
        caps += u"%1 %2 %3"_s.arg(step.id).arg(step.atATime).arg(step.batch).trimmed();
    caps.sort();
    QCOMPARE(caps, (QStringList{u"a 2 both"_s, u"b 2 both"_s, u"both 2 both"_s, u"c 3 few"_s, u"d 0"_s,
                                u"e 3 few"_s, u"free 0"_s}));
}

void TestPreflight::tellsSkills()
{
    NodeHarness node(false);
    const QString project = m_folder->path();
    const auto builtIn = node.query(ListSkills{.project = project});
    QVERIFY(builtIn);
    const auto placesOf = [&](const QString &name) {
        QStringList places;
        const auto skills = node.query(ListSkills{.project = project});
        for (const SkillInfo &skill : skills.value_or(std::vector<SkillInfo>())) {
            if (skill.name == name)
                places += skill.origin % (skill.trusted ? u" trusted"_s : u" not trusted"_s) %
                          (skill.usable ? u" usable"_s : QString());
        }
        return places;
    };
    QCOMPARE(placesOf(u"cite-places"_s), QStringList{u"built-in trusted usable"_s});
    write(u"skills/cite-places/SKILL.md"_s, "---\nname: cite-places\ndescription: Ours\n---\nCite it.\n");
    write(u"skills/bad/SKILL.md"_s, "no front matter");
    // Until it is trusted the built-in one is given, so both are told.
    QCOMPARE(placesOf(u"cite-places"_s),
             (QStringList{u"built-in trusted usable"_s, u"project not trusted"_s}));
    const auto taken = node.query(ListSkills{.project = project, .name = u"cite-places"_s});
    QVERIFY(taken);
    QCOMPARE(taken->size(), size_t{1});
    QCOMPARE(taken->front().origin, u"built-in"_s);
    QVERIFY(taken->front().text.contains(u"Quote what decides"_s));
    QVERIFY(node.submit(TrustProject{.path = project}));
    QCOMPARE(placesOf(u"cite-places"_s), QStringList{u"project trusted usable"_s});
    const auto own = node.query(ListSkills{.project = project, .name = u"cite-places"_s});
    QVERIFY(own);
    QCOMPARE(own->front().description, u"Ours"_s);
    QCOMPARE(own->front().text.trimmed(), u"Cite it."_s);
    QCOMPARE(own->front().hides, QStringList{u"built-in"_s});
    const auto bad = node.query(ListSkills{.project = project, .name = u"bad"_s});
    QVERIFY(bad);
    QVERIFY(!bad->front().usable && !bad->front().problems.empty());
    QCOMPARE(node.query(ListSkills{.project = project, .name = u"nobody"_s}).error().code,
             ErrorCode::NotFound);
}

void TestPreflight::readsFlows()
{
    NodeHarness node(false);
    const auto own = node.query(ReadFlow{.project = m_folder->path(), .flow = u"own"_s});
    QVERIFY(own);
    QCOMPARE(own->text.toUtf8(), kFlow);
    QCOMPARE(own->origin, u"project"_s);
    QCOMPARE(own->path, path(u"flows/own.flow.yaml"_s));
    QVERIFY(own->writable);
    QCOMPARE(own->hash.size(), 64);
    const auto builtIn = node.query(ReadFlow{.project = m_folder->path(), .flow = u"survey"_s});
    QVERIFY(builtIn);
    QVERIFY(!builtIn->writable);
    QCOMPARE(builtIn->origin, u"built-in"_s);
    QVERIFY(node.query(ReadFlow{.project = m_folder->path(), .flow = builtIn->path}));
    write(u"secret.flow.yaml"_s, "x");
    for (const QString &name : {path(u"secret.flow.yaml"_s), u"/etc/passwd"_s, u"flows/../secret.flow.yaml"_s,
                                u":/muster/flows/../agents/reader.agent.md"_s})
        QVERIFY2(!node.query(ReadFlow{.project = m_folder->path(), .flow = name}), qPrintable(name));
}

void TestPreflight::writesFlows()
{
    NodeHarness node(false);
    const auto made = node.submit(WriteFlow{
        .project = m_folder->path(), .path = u"flows/new_one.flow.yaml"_s, .text = u"muster: 1\n"_s});
    QVERIFY(made);
    QCOMPARE(made->text, path(u"flows/new_one.flow.yaml"_s));
    QCOMPARE(content(u"flows/new_one.flow.yaml"_s), QByteArray("muster: 1\n"));
    const auto again = node.submit(WriteFlow{.project = m_folder->path(),
                                             .path = made->text,
                                             .text = u"muster: 1 # ä\n"_s,
                                             .expectedHash = made->list.value(0)});
    QVERIFY(again);
    QCOMPARE(content(u"flows/new_one.flow.yaml"_s), QByteArray("muster: 1 # \xC3\xA4\n"));
    const auto read = node.query(ReadFlow{.project = m_folder->path(), .flow = made->text});
    QCOMPARE(read->hash, again->list.value(0));
    const auto log = node.query(ListEvents{.filter = {.kinds = {u"project.flow_written"_s}}});
    QCOMPARE(log->size(), size_t{2});
}

void TestPreflight::keepsWhatOthersWrote()
{
    NodeHarness node(false);
    const auto read = node.query(ReadFlow{.project = m_folder->path(), .flow = u"own"_s});
    write(u"flows/own.flow.yaml"_s, "changed: by another\n");
    WriteFlow command{
        .project = m_folder->path(), .path = read->path, .text = u"mine"_s, .expectedHash = read->hash};
    const auto refused = node.submit(command);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QCOMPARE(content(u"flows/own.flow.yaml"_s), QByteArray("changed: by another\n"));
    command.expectedHash = refused.error().where;
    QVERIFY(node.submit(command)); // now it is known
    QCOMPARE(content(u"flows/own.flow.yaml"_s), QByteArray("mine"));
    command.expectedHash.clear();
    QCOMPARE(node.submit(command).error().code, ErrorCode::Conflict); // not the first
    QVERIFY(QFile::remove(read->path));
    command.expectedHash = read->hash;
    const auto gone = node.submit(command);
    QCOMPARE(gone.error().code, ErrorCode::Conflict);
    QCOMPARE(gone.error().where, QString());
}

void TestPreflight::writesNowhereElse_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("beside the folder") << u"other.flow.yaml"_s;
    QTest::newRow("above it") << u"flows/../other.flow.yaml"_s;
    QTest::newRow("below it") << u"flows/sub/other.flow.yaml"_s;
    QTest::newRow("another ending") << u"flows/other.yaml"_s;
    QTest::newRow("a name with spaces") << u"flows/my other.flow.yaml"_s;
    QTest::newRow("hidden") << u"flows/.flow.yaml"_s;
    QTest::newRow("a link out of it") << u"flows/link.flow.yaml"_s;
    QTest::newRow("built in") << u":/muster/flows/survey.flow.yaml"_s;
    QTest::newRow("anywhere") << QDir::tempPath() + u"/muster_elsewhere.flow.yaml"_s;
}

void TestPreflight::writesNowhereElse()
{
    QFETCH(QString, file);
    QVERIFY(QFile::link(path(u"target.flow.yaml"_s), path(u"flows/link.flow.yaml"_s)));
    NodeHarness node(false);
    QVERIFY(!node.submit(WriteFlow{.project = m_folder->path(), .path = file, .text = u"x"_s}));
    QVERIFY(!QFile::exists(path(u"target.flow.yaml"_s)));
    QVERIFY(!QFile::exists(path(u"other.flow.yaml"_s)));
    QVERIFY(!QFile::exists(QDir::tempPath() + u"/muster_elsewhere.flow.yaml"_s));
}

void TestPreflight::keepsTrust()
{
    NodeHarness node(false);
    const auto save = [&](const QString &text) {
        const auto read = node.query(ReadFlow{.project = m_folder->path(), .flow = u"own"_s});
        return node.submit(WriteFlow{
            .project = m_folder->path(), .path = read->path, .text = text, .expectedHash = read->hash});
    };
    QVERIFY(node.submit(TrustProject{.path = m_folder->path()}));
    QVERIFY(save(u"muster: 1\nname: own\n"_s));
    const auto flows = node.query(ListFlows{.project = m_folder->path()});
    const auto own = std::ranges::find(*flows, u"own"_s, &FlowInfo::name);
    QVERIFY(own->trusted);
    // What somebody else changed is not trusted, and saving something does not make it so.
    write(u"flows/theirs.flow.yaml"_s, kFlow);
    QVERIFY(save(u"muster: 1\nname: own\n\n"_s));
    const auto now = node.query(ListFlows{.project = m_folder->path()});
    QVERIFY(!std::ranges::find(*now, u"theirs"_s, &FlowInfo::name)->trusted);
}

void TestPreflight::agentsMayNotWrite()
{
    NodeHarness node(false);
    const auto refused = node.submitAsAgent(
        WriteFlow{.project = m_folder->path(), .path = u"flows/theirs.flow.yaml"_s, .text = u"x"_s});
    QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
    QVERIFY(!QFile::exists(path(u"flows/theirs.flow.yaml"_s)));
}

QTEST_GUILESS_MAIN(TestPreflight)
#include "tst_preflight.moc"
