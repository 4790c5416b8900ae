// The real evaluator as a child process: what values come back, what it does not have, and that neither an
// endless loop nor a bomb of memory harms anyone but itself.
#include "core/flow/eval_protocol.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace muster;
using namespace Qt::StringLiterals;

class TestMusterEval : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void values_data();
    void values();
    void errors_data();
    void errors();
    void hasNothingToReachOutWith_data();
    void hasNothingToReachOutWith();
    void requestsLeaveNothingBehind();
    void severalAtOnce();
    void checksSyntaxOnly();
    void scripts();
    void badRequestsAreAnswered_data();
    void badRequestsAreAnswered();
    void anEndlessLoopEndsItself();
    void aBombOfMemoryHarmsOnlyItself_data();
    void aBombOfMemoryHarmsOnlyItself();
    void endsWithItsInput();
    void throughput();

private:
    QByteArray readLine();
    EvalReply ask(const QByteArray &line);
    EvalReply evaluate(const QStringList &expressions);

    std::unique_ptr<QProcess> m_process;
    qint64 m_id = 0;
};

namespace {

const QJsonObject kScope{
    {u"inputs"_s, QJsonObject{{u"n"_s, 2}, {u"s"_s, u"x"_s}}},
    {u"steps"_s, QJsonObject{{u"a"_s, QJsonObject{{u"outputs"_s, QJsonArray{1, u"b"_s}}}}}}};

constexpr int kPatience = 60'000;

} // namespace

void TestMusterEval::init()
{
    m_process = std::make_unique<QProcess>();
    m_process->start(QStringLiteral(MUSTER_BIN_DIR "/muster-eval"), QStringList());
    const auto greeting = evalReplyFromLine(readLine());
    QVERIFY(greeting && greeting->ready);
}

void TestMusterEval::cleanup()
{
    m_process->kill();
    QVERIFY(m_process->state() == QProcess::NotRunning || m_process->waitForFinished(kPatience));
    m_process.reset();
}

QByteArray TestMusterEval::readLine()
{
    while (!m_process->canReadLine() && m_process->waitForReadyRead(kPatience)) {
    }
    return m_process->readLine();
}

EvalReply TestMusterEval::ask(const QByteArray &line)
{
    m_process->write(line);
    return evalReplyFromLine(readLine()).value_or(EvalReply{.id = -1, .values = fail(ErrorCode::Protocol)});
}

EvalReply TestMusterEval::evaluate(const QStringList &expressions)
{
    return ask(evalRequestLine(++m_id, {.expressions = expressions, .scope = kScope}));
}

void TestMusterEval::values_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("json");
    const std::vector<std::pair<const char *, const char *>> rows{
        {"1 + 1", "2"},
        {"inputs.n / 4", "0.5"},
        {"inputs.n > 1 && inputs.s == 'x'", "true"},
        {"`${inputs.s}-${inputs.n}`", "\"x-2\""},
        {"steps.a.outputs", "[1,\"b\"]"},
        {"steps.a.outputs.map(o => ({o}))", "[{\"o\":1},{\"o\":\"b\"}]"},
        {"({a: [1, {b: null}]})", "{\"a\":[1,{\"b\":null}]}"},
        {"inputs.none", "null"},
        {"undefined", "null"},
        {"0 / 0", "null"},
        {"'ä€😀'.length", "4"},
        {"'ä€😀'", "\"ä€😀\""},
        {"'a\\u2028b\\n'.length", "4"},
        {"9007199254740991", "9007199254740991"},
        {"[3, 1, 2].sort().join()", "\"1,2,3\""},
        {"JSON.parse('{\"a\":1}').a", "1"},
        {"Math.max(...[1, 5, 2])", "5"},
        {"new Set([1, 1, 2]).size", "2"},
        {"/b+/.test('abb')", "true"},
        {"1 // a comment", "1"},
    };
    for (const auto &[expression, json] : rows)
        QTest::newRow(expression) << QString::fromUtf8(expression) << QString::fromUtf8(json);
}

void TestMusterEval::values()
{
    QFETCH(QString, expression);
    QFETCH(QString, json);
    const EvalReply reply = evaluate({expression});
    QCOMPARE(reply.id, m_id);
    QVERIFY2(reply.values, reply.values ? "" : qPrintable(reply.values.error().detail));
    QCOMPARE(*reply.values, QJsonDocument::fromJson(QString(u'[' % json % u']').toUtf8()).array());
}

void TestMusterEval::errors_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("nothing of nothing") << u"inputs.none.x"_s << ErrorCode::InvalidArgument;
    QTest::newRow("no such name") << u"nobody"_s << ErrorCode::InvalidArgument;
    QTest::newRow("syntax") << u"1 +"_s << ErrorCode::InvalidArgument;
    QTest::newRow("thrown text") << u"(() => { throw 'no' })()"_s << ErrorCode::InvalidArgument;
    QTest::newRow("a function") << u"x => x"_s << ErrorCode::InvalidArgument;
    QTest::newRow("a circle") << u"(() => { const a = {}; a.a = a; return a })()"_s
                              << ErrorCode::InvalidArgument;
    QTest::newRow("recursion without end")
        << u"(function f() { return f() + 1 })()"_s << ErrorCode::InvalidArgument;
    QTest::newRow("too large") << u"'x'.repeat(5 * 1024 * 1024)"_s << ErrorCode::TooLarge;
    QTest::newRow("a name of its own making") << u"made = 5"_s << ErrorCode::InvalidArgument;
}

void TestMusterEval::errors()
{
    QFETCH(QString, expression);
    QFETCH(ErrorCode, code);
    const EvalReply reply = evaluate({u"1"_s, expression});
    QVERIFY(!reply.values);
    QCOMPARE(reply.values.error().code, code);
    QCOMPARE(reply.values.error().where, u"1"_s);
    QVERIFY(!reply.values.error().detail.isEmpty());
    QVERIFY(evaluate({u"2"_s}).values); // and goes on
}

void TestMusterEval::hasNothingToReachOutWith_data()
{
    QTest::addColumn<QString>("expression");
    for (const char *name : {"Date",    "eval",           "Function",   "setTimeout",  "setInterval",
                             "Qt",      "console",        "print",      "gc",          "Proxy",
                             "Reflect", "Promise",        "globalThis", "WeakRef",     "SharedArrayBuffer",
                             "Atomics", "XMLHttpRequest", "URL",        "ArrayBuffer", "Intl",
                             "import_", "QT_TR_NOOP"})
        QTest::newRow(name) << QString(u"typeof "_s % QLatin1StringView(name));
    QTest::newRow("chance") << u"typeof Math.random"_s;
    QTest::newRow("this") << u"typeof (function () { return this })()"_s;
    QTest::newRow("maker of functions") << u"typeof (function () {}).constructor"_s;
    QTest::newRow("maker of functions, arrow") << u"typeof (() => 1).constructor"_s;
    QTest::newRow("maker of functions, built in") << u"typeof [].map.constructor"_s;
    QTest::newRow("maker of functions, of makers") << u"typeof ({}).constructor.constructor"_s;
    QTest::newRow("maker of functions, prototype") << u"typeof Object.getPrototypeOf(() => 1).constructor"_s;
    QTest::newRow("maker of generators") << u"typeof (function* () {}).constructor"_s;
    QTest::newRow("the language of the system") << u"typeof (1.5).toLocaleString"_s;
    QTest::newRow("its order of letters") << u"typeof 'a'.localeCompare"_s;
}

void TestMusterEval::hasNothingToReachOutWith()
{
    QFETCH(QString, expression);
    const EvalReply reply = evaluate({expression});
    QVERIFY(reply.values);
    QCOMPARE(reply.values->first().toString(), u"undefined"_s);
}

void TestMusterEval::requestsLeaveNothingBehind()
{
    (void)evaluate(
        {u"(Array.prototype.map = null, Math.max = null, Object.prototype.x = 7, inputs.n = 9)"_s});
    const EvalReply reply =
        evaluate({u"[1].map(n => n + 1)"_s, u"Math.max(1, 2)"_s, u"({}).x"_s, u"inputs.n"_s});
    QCOMPARE(reply.values.value(), (QJsonArray{QJsonArray{2}, 2, QJsonValue::Null, 2}));
}

void TestMusterEval::severalAtOnce()
{
    QCOMPARE(evaluate({u"1"_s, u"'a'"_s, u"[inputs.n]"_s}).values.value(),
             (QJsonArray{1, u"a"_s, QJsonArray{2}}));
}

void TestMusterEval::checksSyntaxOnly()
{
    QVERIFY(ask(evalCheckLine(1, {u"while_ + 1"_s, u"nobody.x"_s})).values);
    const EvalReply bad = ask(evalCheckLine(2, {u"1"_s, u"a b"_s}));
    QVERIFY(!bad.values);
    QCOMPARE(bad.values.error().where, u"1"_s);
}

void TestMusterEval::scripts()
{
    const QJsonObject request{
        {u"id"_s, 1}, {u"script"_s, u"let sum = 0; for (const i of [1, 2, 3]) sum += i; return sum"_s}};
    QCOMPARE(ask(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n').values.value(), QJsonArray{6});
}

void TestMusterEval::badRequestsAreAnswered_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("not JSON") << "hello\n"_ba;
    QTest::newRow("empty") << "\n"_ba;
    QTest::newRow("no expressions") << "{\"id\":1}\n"_ba;
    QTest::newRow("not UTF-8") << "\xff\xfe\n"_ba;
}

void TestMusterEval::badRequestsAreAnswered()
{
    QFETCH(QByteArray, line);
    QVERIFY(!ask(line).values);
    QVERIFY(evaluate({u"1"_s}).values);
}

// By its own limit, and not by a clock that goes on while others have the processor.
void TestMusterEval::anEndlessLoopEndsItself()
{
    m_process->write(evalRequestLine(1, {.expressions = {u"(() => { for (;;); })()"_s}, .scope = {}}));
    QVERIFY(m_process->waitForFinished(kPatience));
    QCOMPARE(m_process->exitStatus(), QProcess::CrashExit);
    QCOMPARE(m_process->exitCode(), SIGPROF);
    QVERIFY(m_process->readAllStandardOutput().isEmpty());
}

void TestMusterEval::aBombOfMemoryHarmsOnlyItself_data()
{
    QTest::addColumn<QString>("expression");
    QTest::newRow("text") << u"(() => { let a = 'x'; for (;;) a += a; })()"_s;
    QTest::newRow("lists") << u"(() => { const a = []; for (;;) a.push(new Array(1e6).fill(1)); })()"_s;
    QTest::newRow("one list") << u"new Array(4e9 >>> 1).fill('x').map(x => x + x).length"_s;
}

void TestMusterEval::aBombOfMemoryHarmsOnlyItself()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("the sanitizer's shadow memory needs all addresses, so there is no limit");
#endif
    QFETCH(QString, expression);
    m_process->write(evalRequestLine(1, {.expressions = {expression}, .scope = {}}));
    // It dies, or it answers that it could not; either within the memory that the system grants it.
    while (m_process->state() == QProcess::Running && !m_process->canReadLine())
        (void)m_process->waitForReadyRead(100);
    const QByteArray answer = m_process->readLine();
    QVERIFY(answer.isEmpty() || !evalReplyFromLine(answer)->values);
}

void TestMusterEval::endsWithItsInput()
{
    m_process->closeWriteChannel();
    QVERIFY(m_process->waitForFinished(kPatience));
    QCOMPARE(m_process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_process->exitCode(), 0);
}

void TestMusterEval::throughput()
{
    constexpr int rounds = 1000;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < rounds; ++i)
        QCOMPARE(evaluate({u"inputs.n + 1"_s}).values.value(), QJsonArray{3});
    qInfo("%.0f evaluations a second",
          rounds * 1000.0 / static_cast<double>(std::max<qint64>(timer.elapsed(), 1)));
}

QTEST_GUILESS_MAIN(TestMusterEval)
#include "tst_muster_eval.moc"
