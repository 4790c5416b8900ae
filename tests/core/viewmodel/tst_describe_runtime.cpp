// Sentences about runtimes and rules.
#include "core/agent/account_choice.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestDescribeRuntime : public QObject {
    Q_OBJECT
private slots:
    void advice_data();
    void advice();
    void everyStateHasWords_data();
    void everyStateHasWords();
    void fallbacks();
    void signIn();
    void accounts();
    void prices();
    void rules();
};

void TestDescribeRuntime::advice_data()
{
    QTest::addColumn<api::RuntimeInfo>("runtime");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, api::RuntimeInfo runtime, const QString &says) {
        runtime.detail = u"agent"_s;
        QTest::newRow(name) << runtime << says;
    };
    row("ready", {.state = u"ready"_s, .signIn = u"signed_in"_s}, {});
    row("npm", {.state = u"not_installed"_s, .npm = u"@x/y"_s}, u"npm install -g @x/y"_s);
    row("own", {.state = u"not_installed"_s, .file = u"/f.json"_s}, u"/f.json"_s);
    row("bundled", {.state = u"not_installed"_s}, u"Build or install Muster"_s);
    row("old", {.state = u"wrong_version"_s, .minimumVersion = u"2.0"_s, .npm = u"x"_s}, u"x@latest"_s);
    row("not set up", {.state = u"not_configured"_s, .needs = u"SOME_URL"_s}, u"Set SOME_URL"_s);
    row("rights", {.state = u"not_executable"_s}, u"may not be run"_s);
    row("sign in", {.state = u"auth_required"_s, .signInCommand = {u"x"_s, u"login"_s}}, u"x login"_s);
    row("sign in without command", {.state = u"auth_required"_s}, u"key in the environment"_s);
    row("perhaps", {.state = u"ready"_s, .signIn = u"unknown"_s, .signInCommand = {u"x"_s}}, u"x"_s);
}

void TestDescribeRuntime::advice()
{
    QFETCH(api::RuntimeInfo, runtime);
    QFETCH(QString, says);
    const QString advice = adviceFor(runtime);
    QCOMPARE(advice.isEmpty(), says.isEmpty());
    QVERIFY2(advice.contains(says), qPrintable(advice));
}

void TestDescribeRuntime::everyStateHasWords_data()
{
    QTest::addColumn<QString>("state");
    for (const QString &state :
         {u"ready"_s, u"not_installed"_s, u"not_executable"_s, u"wrong_version"_s, u"not_configured"_s,
          u"working_dir"_s, u"system_refused"_s, u"crashed_before_first_message"_s, u"handshake_timeout"_s,
          u"auth_required"_s, u"bad_key"_s, u"model_unavailable"_s, u"network"_s, u"handshake_refused"_s,
          u"protocol_error"_s})
        QTest::newRow(qPrintable(state)) << state;
}

void TestDescribeRuntime::everyStateHasWords()
{
    QFETCH(QString, state);
    QVERIFY(describeRuntimeState(state) != state);
    QVERIFY(!iconForRuntimeState(state).isEmpty());
    QCOMPARE(describeAdvice(u"runtime_"_s + state), describeRuntimeState(state));
}

// One line for a wish that was not taken, however many steps it is about, and none where all were.
void TestDescribeRuntime::fallbacks()
{
    const api::FallbackInfo missing{.wished = u"claude"_s, .problem = u"not_installed"_s, .taken = u"demo"_s};
    const api::FallbackInfo limited{.wished = u"codex"_s, .problem = u"rate_limited"_s, .taken = u"demo"_s};
    QCOMPARE(describeFallback(missing), u"demo works instead of claude: Not installed"_s);
    const auto step = [](const QString &id, int item, std::optional<api::FallbackInfo> fallback) {
        api::StepInfo info;
        info.stepId = id;
        info.index = item;
        info.fallback = std::move(fallback);
        return info;
    };
    QCOMPARE(describeFallbacks({step(u"plan"_s, -1, {})}), QStringList());
    QCOMPARE(
        describeFallbacks({step(u"plan"_s, -1, {}), step(u"read"_s, 0, missing), step(u"read"_s, 1, missing),
                           step(u"write"_s, -1, limited), step(u"check"_s, -1, missing)}),
        QStringList({u"demo works instead of claude on read, check: Not installed"_s,
                     u"demo works instead of codex on write: Rate limited by its provider"_s}));
}

void TestDescribeRuntime::signIn()
{
    QCOMPARE(describeSignIn({.signIn = u"signed_in"_s, .signedInBy = u"A_KEY"_s}),
             u"Signed in (A_KEY is set)"_s);
    QCOMPARE(describeSignIn({.signIn = u"signed_in"_s, .signedInBy = u"/h/f"_s}), u"Signed in (/h/f)"_s);
    QCOMPARE(describeSignIn({.signIn = u"signed_in"_s, .signedInBy = u"A_KEY"_s, .keyIsKept = true}),
             u"Signed in (kept key A_KEY)"_s);
    QCOMPARE(describeSignIn({.signIn = u"not_signed_in"_s}), u"Not signed in"_s);
    QCOMPARE(describeSignIn({.signIn = u"unknown"_s}), u"Not known (no key is set)"_s);
}

void TestDescribeRuntime::accounts()
{
    constexpr qint64 now = 1'000'000'000;
    const auto limit = [](bool hard, qint64 restsUntil) {
        return api::LimitInfo{.hard = hard, .restsUntil = restsUntil, .seenAt = now - 300'000};
    };
    const QString rests =
        describeAccountState({.state = u"rests"_s, .limit = limit(true, now + 60'000)}, now);
    QVERIFY2(rests.contains(u"rests until") && rests.contains(u"5 min"), qPrintable(rests));
    QCOMPARE(describeAccountState({.state = u"ready"_s}, now), u"Ready"_s);
    api::LimitInfo warned = limit(false, 0);
    warned.usedPercent = 92;
    const QString used = describeAccountState({.state = u"ready"_s, .limit = warned}, now);
    QVERIFY2(used.startsWith(u"Ready. ") && used.contains(u"92 % used") && used.contains(u"5 min"),
             qPrintable(used));
    QCOMPARE(describeAccountSignIn(
                 {.name = u"a"_s, .configHome = u"/h"_s, .homeVariable = u"A_HOME"_s, .keys = {u"A_KEY"_s}}),
             u"kept key A_KEY, A_HOME=/h"_s);
    const api::RuntimeInfo runtime{.signInCommand = {u"a"_s, u"login"_s}, .homeVariable = u"A_HOME"_s};
    QCOMPARE(signInLineOf(runtime, u"/it's"_s), u"A_HOME='/it'\\''s' a login"_s);
    QCOMPARE(signInLineOf(runtime, {}), QString());
    for (const auto &[reason, name] : EnumNames<AccountReason>::table)
        QVERIFY2(describeAccountReason(QString::fromLatin1(name)) != QLatin1StringView(name), name);
}

void TestDescribeRuntime::prices()
{
    QCOMPARE(describePrices({.id = u"m"_s}), u"price not known"_s);
    const QString text = describePrices({.id = u"m"_s,
                                         .prices = api::PriceInfo{.inputMicroUsd = 3'000'000,
                                                                  .outputMicroUsd = 15'000'000,
                                                                  .cachedMicroUsd = 75'000,
                                                                  .date = u"2026-01-02"_s,
                                                                  .source = u"a page"_s}});
    QCOMPARE(text, u"a million tokens cost $3.00 in, $15.00 out, $0.075 cached (a page, 2026-01-02)"_s);
}

void TestDescribeRuntime::rules()
{
    QCOMPARE(describeRule({.kind = ToolKind::Execute, .allowed = true}), u"may run"_s);
    QCOMPARE(describeRule({.kind = ToolKind::Edit, .allowed = false}), u"may not write"_s);
    QCOMPARE(describeRule({.kind = ToolKind::Other, .allowed = true}), u"may do"_s);
    QCOMPARE(describeUse({}, 5), u"never used"_s);
    QVERIFY(describeUse({.usedCount = 3, .usedAt = 1'000}, 2'000).contains(u"just now"));
}

QTEST_GUILESS_MAIN(TestDescribeRuntime)
#include "tst_describe_runtime.moc"
