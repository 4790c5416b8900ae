// The small values around the rules: keys, journal rows, durations, inputs, profiles, answers as JSON.
#include "core/base/duration.h"
#include "core/flow/agent_profile.h"
#include "core/flow/did_you_mean.h"
#include "core/flow/eval_protocol.h"
#include "core/flow/evaluation.h"
#include "core/flow/inputs.h"
#include "tests/core/flow/rules_driver.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace muster::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(muster::FlowFact)

class TestFlowValues : public QObject {
    Q_OBJECT
private slots:
    void keys_data();
    void keys();
    void factsRoundTrip_data();
    void factsRoundTrip();
    void notesAreNotJournalled();
    void durations_data();
    void durations();
    void inputs_data();
    void inputs();
    void profiles_data();
    void profiles();
    void builtInProfilesAreGood();
    void theFirstPlaceWins();
    void answersAsJson_data();
    void answersAsJson();
    void valuesInText_data();
    void valuesInText();
    void evaluatorLines();
    void nearWords();
};

void TestFlowValues::keys_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("step") << u"12/read#1"_s << true;
    QTest::newRow("item") << u"12/read-it[30]#2"_s << true;
    for (const char *bad : {"", "x/read#1", "12/#1", "12/read", "12/read#0", "12/read#x", "12/read[-1]#1",
                            "12/[1]#1", "12/read[x]#1"})
        QTest::newRow(bad) << QString::fromLatin1(bad) << false;
}

void TestFlowValues::keys()
{
    QFETCH(QString, text);
    QFETCH(bool, good);
    const auto key = AttemptKey::fromString(text);
    QCOMPARE(key.has_value(), good);
    if (key)
        QCOMPARE(key->toString(), text);
}

void TestFlowValues::factsRoundTrip_data()
{
    QTest::addColumn<FlowFact>("fact");
    const AttemptKey key{.run = RunId{5}, .step = u"a"_s, .item = 2, .attempt = 3};
    const AttemptResult result{.outcome = AttemptOutcome::Error,
                               .reason = FailureReason::RateLimited,
                               .detail = u"d"_s,
                               .output = u"o\n✓"_s,
                               .json = QJsonObject{{u"x"_s, QJsonArray{1, u"b"_s}}},
                               .exitCode = 3,
                               .files = {u"a b"_s},
                               .branch = u"muster/5"_s,
                               .resetAtMs = 1'795'224'098'000,
                               .usage = {.tokensIn = 5'000'000'000, .costMicroUsd = 7}};
    const std::vector<FlowFact> facts{
        RunStarted{.run = RunId{5},
                   .inputs = {{u"n"_s, 1.5}},
                   .runInfo = {{u"id"_s, 5}},
                   .project = {{u"name"_s, u"p"_s}},
                   .unattended = true,
                   .kept = 2},
        StepKept{.step = u"a"_s,
                 .from = RunId{4},
                 .unit = {.status = StepStatus::Failed,
                          .attempt = 2,
                          .reason = FailureReason::Stalled,
                          .detail = u"d"_s,
                          .approved = false,
                          .result = result},
                 .passedOver = true,
                 .branch = 1,
                 .round = 3,
                 .lastRound = {{u"w"_s, 1}},
                 .list = {1, u"x"_s},
                 .items = {{.item = 1, .attempt = 4, .result = result}}},
        CancelRequested{.by = u"person"_s},
        CancelRequested{.by = u"limit"_s, .reason = FailureReason::DeadlineExceeded, .detail = u"d"_s},
        PauseRequested{.by = u"person"_s},
        ContinueRequested{.by = u"person"_s},
        RunFinished{
            .status = RunStatus::Failed, .reason = FailureReason::Crashed, .detail = u"d"_s, .step = u"a"_s},
        ConditionEvaluated{.step = u"a"_s, .value = true},
        ForeachExpanded{.step = u"a"_s, .items = {1, u"x"_s, QJsonObject{}}},
        JoinTimedOut{.step = u"a"_s},
        StepPrepared{.step = u"a"_s, .item = 4, .text = u"T"_s, .show = QJsonArray{1}},
        EvaluationFailed{.step = u"a"_s, .item = kNoItem, .detail = u"TypeError"_s},
        BranchTaken{.step = u"a"_s, .index = 2, .label = u"x"_s},
        ScriptEvaluated{.step = u"a"_s, .value = QJsonObject{{u"n"_s, 1}}},
        DelayBegan{.step = u"a"_s, .untilMs = 77},
        RoundBegan{.step = u"a"_s, .round = 3},
        RoundJudged{.step = u"a"_s, .done = true},
        AttemptQueued{.key = key},
        AttemptStarted{.key = key, .deadlineMs = 99},
        AttemptStarted{.key = key, .deadlineMs = {}},
        AttemptWaiting{.key = key},
        AttemptContinued{.key = key},
        AttemptStopping{.key = key, .reason = FailureReason::DeadlineExceeded},
        AttemptFinished{.key = key, .result = result},
        RetryScheduled{.key = key, .atMs = 8, .reason = FailureReason::Stalled},
        ApprovalRequested{.key = key, .purpose = ApprovalPurpose::RunAgain, .deadlineMs = 4},
        ApprovalAnswered{.key = key, .approved = true, .by = u"person"_s, .note = u"n"_s},
        StepSettled{.step = u"a"_s,
                    .item = 1,
                    .status = StepStatus::TimedOut,
                    .reason = FailureReason::Stalled,
                    .detail = u"d"_s,
                    .atFault = u"b"_s},
        BudgetNear{.spentMicroUsd = 800, .budgetMicroUsd = 1000},
        BudgetCrossed{.spentMicroUsd = 1001, .budgetMicroUsd = 1000},
    };
    // But Noted and AttemptSpent; AttemptStarted and CancelRequested twice.
    QCOMPARE(facts.size(), std::variant_size_v<FlowFact>);
    for (size_t i = 0; i < facts.size(); ++i)
        QTest::addRow("%zu %s", i, qPrintable(kindOf(facts[i]))) << facts[i];
}

void TestFlowValues::factsRoundTrip()
{
    QFETCH(FlowFact, fact);
    QVERIFY(isJournalled(fact));
    const Event row = toEvent({.atMs = 77, .fact = fact}, {.run = RunId{5}});
    // Through text, as the store keeps it.
    const QJsonDocument stored = QJsonDocument::fromJson(QJsonDocument(toJson(row)).toJson());
    const auto back = flowEventFrom(eventFromJson(stored.object()));
    QVERIFY(back);
    QCOMPARE(back->atMs, 77);
    QCOMPARE(back->fact.index(), fact.index());
    QCOMPARE(toJson(back->fact), toJson(fact));
}

void TestFlowValues::notesAreNotJournalled()
{
    QVERIFY(!isJournalled(Noted{.note = FlowNote::Tick}));
    QVERIFY(!isJournalled(AttemptSpent{.key = {}, .costMicroUsd = 1}));
    QVERIFY(!flowFactFromJson(u"run.noted"_s, {}));
    QVERIFY(!flowFactFromJson(u"step.spent"_s, {}));
    QVERIFY(!flowFactFromJson(u"step.telepathy"_s, {}));
    QVERIFY(!flowFactFromJson(u"step.queued"_s, {{u"key"_s, u"nonsense"_s}}));
}

void TestFlowValues::durations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms");
    const std::vector<std::pair<const char *, qint64>> rows{
        {"90s", 90'000},     {"20m", 1'200'000}, {"2h30m", 9'000'000},
        {"2d", 172'800'000}, {"500ms", 500},     {"1d1h1m1s1ms", 90'061'001},
        {"0s", 0},           {"", -1},           {"s", -1},
        {"5", -1},           {"m5", -1},         {"5m2h", -1},
        {"5m5m", -1},        {"-5m", -1},        {"1.5h", -1},
        {"5 m", -1},         {"400d", -1},       {"9999999s", -1},
        {"5M", -1}};
    for (const auto &[text, ms] : rows)
        QTest::addRow("'%s'", text) << QString::fromLatin1(text) << ms;
}

void TestFlowValues::durations()
{
    QFETCH(QString, text);
    QTEST(durationFromText(text).value_or(-1), "ms");
}

void TestFlowValues::inputs_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("expected"); // the object, or the problems
    QTest::newRow("defaults") << u"{\"s\":\"x\"}"_s << u"{\"b\":true,\"c\":\"red\",\"n\":3,\"s\":\"x\"}"_s;
    QTest::newRow("as text") << u"{\"s\":\"x\",\"n\":\"1.5\",\"b\":\"false\",\"c\":\"blue\"}"_s
                             << u"{\"b\":false,\"c\":\"blue\",\"n\":1.5,\"s\":\"x\"}"_s;
    QTest::newRow("missing") << u"{}"_s << u"missing_input s"_s;
    QTest::newRow("unknown") << u"{\"s\":\"x\",\"nn\":1}"_s << u"unknown_input nn n"_s;
    QTest::newRow("not a number") << u"{\"s\":\"x\",\"n\":\"many\"}"_s << u"wrong_type n"_s;
    QTest::newRow("no number at all") << u"{\"s\":\"x\",\"n\":\"inf\"}"_s << u"wrong_type n"_s;
    QTest::newRow("not a choice") << u"{\"s\":\"x\",\"c\":\"bleu\"}"_s << u"not_a_choice c blue"_s;
    QTest::newRow("all at once") << u"{\"n\":true,\"b\":1,\"z\":0}"_s
                                 << u"wrong_type n, wrong_type b, missing_input s, unknown_input z n"_s;
}

void TestFlowValues::inputs()
{
    QFETCH(QString, given);
    const auto flow = flowOf(u"muster: 1\nname: t\ninputs:\n  n: {type: number, default: 3}\n"
                             "  b: {type: boolean, default: true}\n"
                             "  c: {type: choice, choices: [red, blue], default: red}\n  s: {type: string}\n"
                             "steps:\n  - {id: a, prompt: A}\n"_s);
    const auto resolved = resolveInputs(*flow, QJsonDocument::fromJson(given.toUtf8()).object());
    QStringList problems;
    if (!resolved) {
        for (const InputProblem &problem : resolved.error())
            problems.append(
                QString(enumName(problem.code) % u' ' % problem.name % u' ' % problem.suggestion).trimmed());
    }
    const QString made = resolved ? QString::fromUtf8(QJsonDocument(*resolved).toJson(QJsonDocument::Compact))
                                  : problems.join(u", "_s);
    QTEST(made, "expected");
}

void TestFlowValues::profiles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("good") << "---\nname: reader\nmodel: m\ntools: [read]\n---\n\n# Read\n---\nmore\n"_ba
                          << QString();
    QTest::newRow("Windows line ends")
        << "---\r\nname: reader\r\nmodel: m\r\ntools: [read]\r\n---\r\n# Read\n---\nmore"_ba << QString();
    QTest::newRow("no front matter") << "# Read\n"_ba << u"no_front_matter 1:1"_s;
    QTest::newRow("not closed") << "---\nname: reader\n"_ba << u"unclosed_front_matter 1:1"_s;
    QTest::newRow("no name") << "---\nmodel: m\n---\nx"_ba << u"missing_key 2:1"_s;
    QTest::newRow("unknown key") << "---\nname: a\nmodell: m\n---\nx"_ba << u"unknown_key 3:1"_s;
    QTest::newRow("later key") << "---\nname: a\ndocuments: [x]\n---\nx"_ba << u"not_in_this_version 3:1"_s;
    QTest::newRow("bad permissions") << "---\nname: a\npermissions:\n  write: {}\n---\nx"_ba
                                     << u"wrong_type 4:10"_s;
    QTest::newRow("empty") << "---\n---\nx"_ba << u"empty_file 1:1"_s;
}

void TestFlowValues::profiles()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    const AgentProfileResult result = parseAgentProfile(text);
    QCOMPARE(result.profile.has_value(), expected.isEmpty());
    QCOMPARE(result.problems.empty() ? QString() : problemLine(result.problems.front()), expected);
    if (!result.profile)
        return;
    QCOMPARE(result.profile->name, u"reader"_s);
    QCOMPARE(result.profile->tools, QStringList(u"read"_s));
    QCOMPARE(result.profile->instructions, u"# Read\n---\nmore"_s);
}

void TestFlowValues::builtInProfilesAreGood()
{
    const QDir dir(QStringLiteral(MUSTER_SOURCE_DIR "/resources/agents"));
    const QFileInfoList files = dir.entryInfoList({u"*.agent.md"_s});
    QVERIFY(files.size() >= 3);
    for (const QFileInfo &info : files) {
        QFile file(info.filePath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const AgentProfileResult result = parseAgentProfile(file.readAll());
        QVERIFY2(result.profile, qPrintable(info.fileName()));
        QCOMPARE(result.profile->name, info.fileName().section(u'.', 0, 0));
        QVERIFY(!result.profile->instructions.isEmpty());
    }
}

void TestFlowValues::theFirstPlaceWins()
{
    const NamedFile builtIn{u"a"_s, u":/a"_s, LookupPlace::BuiltIn};
    const NamedFile user{u"a"_s, u"/home/a"_s, LookupPlace::User};
    const NamedFile project{u"a"_s, u"/p/a"_s, LookupPlace::Project};
    const NamedFile other{u"b"_s, u":/b"_s, LookupPlace::BuiltIn};
    const auto resolved = resolveNamedFiles({builtIn, other, project, user});
    QCOMPARE(resolved.size(), 2U);
    QCOMPARE(resolved[0].file, project);
    QCOMPARE(resolved[0].hides, (std::vector{user, builtIn}));
    QCOMPARE(resolved[1].file, other);
    QVERIFY(resolved[1].hides.empty());
}

void TestFlowValues::answersAsJson_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("json"); // empty: none
    QTest::newRow("object") << u" {\"a\":1}\n"_s << u"{\"a\":1}"_s;
    QTest::newRow("list") << u"[1,2]"_s << u"[1,2]"_s;
    QTest::newRow("number") << u"5"_s << u"5"_s;
    QTest::newRow("fenced") << u"Here it is:\n```json\n{\"a\":[1]}\n```\nDone."_s << u"{\"a\":[1]}"_s;
    QTest::newRow("the last fence") << u"```\n{\"a\":1}\n```\nno:\n```\n{\"a\":2}\n```"_s << u"{\"a\":2}"_s;
    QTest::newRow("within a sentence") << u"I found {\"a\":{\"b\":2}} there."_s << u"{\"a\":{\"b\":2}}"_s;
    QTest::newRow("list of objects") << u"The list: [{\"a\":1},{\"a\":2}]."_s << u"[{\"a\":1},{\"a\":2}]"_s;
    QTest::newRow("words") << u"I could not do that."_s << QString();
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("broken") << u"{\"a\":1"_s << QString();
    QTest::newRow("two values") << u"1, 2"_s << QString();
}

void TestFlowValues::answersAsJson()
{
    QFETCH(QString, answer);
    const auto value = jsonFromAnswer(answer);
    QTEST(value ? valueAsText(*value) : QString(), "json");
}

void TestFlowValues::valuesInText_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("text");
    QTest::newRow("text") << u"\"a\\nb\""_s << u"a\nb"_s;
    QTest::newRow("whole") << u"12"_s << u"12"_s;
    QTest::newRow("large") << u"9007199254740991"_s << u"9007199254740991"_s;
    QTest::newRow("fraction") << u"0.1"_s << u"0.1"_s;
    QTest::newRow("negative") << u"-2.5"_s << u"-2.5"_s;
    QTest::newRow("beyond integers") << u"1e300"_s << u"1e+300"_s;
    QTest::newRow("true") << u"true"_s << u"true"_s;
    QTest::newRow("null") << u"null"_s << QString();
    QTest::newRow("object") << u"{\"a\":[1]}"_s << u"{\"a\":[1]}"_s;
}

void TestFlowValues::valuesInText()
{
    QFETCH(QString, json);
    const QJsonValue value = QJsonDocument::fromJson(QString(u'[' % json % u']').toUtf8()).array().first();
    QTEST(valueAsText(value), "text");
}

void TestFlowValues::evaluatorLines()
{
    const QByteArray line = evalRequestLine(3, {.expressions = {u"a\n+ 1"_s}, .scope = {{u"a"_s, 1}}});
    QCOMPARE(line.count('\n'), 1);
    QVERIFY(line.endsWith('\n'));
    QVERIFY(evalReplyFromLine("{\"ready\":1}")->ready);
    QCOMPARE(evalReplyFromLine("{\"id\":3,\"values\":[1]}")->values.value(), QJsonArray{1});
    const auto failed = evalReplyFromLine(R"({"id":3,"error":{"index":1,"code":"too_large","message":"m"}})");
    QCOMPARE(failed->values.error(), (Error{.code = ErrorCode::TooLarge, .detail = u"m"_s, .where = u"1"_s}));
    QCOMPARE(evalReplyFromLine("garbage").error().code, ErrorCode::Protocol);
    QCOMPARE(evalReplyFromLine("{\"id\":3}").error().code, ErrorCode::Protocol);
}

void TestFlowValues::nearWords()
{
    const QStringList known{u"prompt"_s, u"needs"_s, u"timeout"_s};
    QCOMPARE(closestOf(u"promt"_s, known), u"prompt"_s);
    QCOMPARE(closestOf(u"Needs"_s, known), u"needs"_s);
    QCOMPARE(closestOf(u"tmieout"_s, known), u"timeout"_s);
    QCOMPARE(closestOf(u"xyz"_s, known), QString());
    QCOMPARE(closestOf(QString(100'000, u'x'), known), QString());
}

QTEST_GUILESS_MAIN(TestFlowValues)
#include "tst_flow_values.moc"
