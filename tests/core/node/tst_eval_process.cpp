// The evaluator's keeper with the real evaluator: what needs too much of the processor fails, what only has
// to wait for it does not, and nobody else's request suffers.
#include "core/node/flows/eval_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <unistd.h>

#include <csignal>

using namespace muster;
using namespace Qt::StringLiterals;

class TestEvalProcess : public QObject {
    Q_OBJECT
private slots:
    void aBusyMachineIsNoFailure();
    void whatNeedsTooMuchFails_data();
    void whatNeedsTooMuchFails();
    void scripts();
};

namespace {

constexpr int kPatience = 60'000;
const QString kProgram = QStringLiteral(MUSTER_BIN_DIR "/muster-eval");

struct Answer {
    std::optional<Result<QJsonArray>> value;
};

void ask(EvalProcess &eval, const EvaluationRequest &request, Answer &into)
{
    eval.evaluate(request, [&into](Result<QJsonArray> value) { into.value = std::move(value); });
}

// Of this process; 0: none.
pid_t evaluator()
{
    const QStringList all = QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs);
    for (const QString &pid : all) {
        QFile stat(u"/proc/%1/stat"_s.arg(pid));
        if (!stat.open(QIODevice::ReadOnly))
            continue;
        const QByteArray text = stat.readAll();
        if (text.contains("(muster-eval) ") && text.split(' ').value(3).toInt() == getpid())
            return static_cast<pid_t>(pid.toInt());
    }
    return 0;
}

} // namespace

// Stopped for five times as long as an expression may work: as if others had the processor meanwhile.
void TestEvalProcess::aBusyMachineIsNoFailure()
{
    EvalProcess eval(kProgram);
    Answer first;
    ask(eval, {.expressions = {u"1 + 1"_s}, .scope = {}}, first);
    QTRY_VERIFY_WITH_TIMEOUT(first.value, kPatience);
    const pid_t pid = evaluator();
    QVERIFY(pid > 0);
    QCOMPARE(kill(pid, SIGSTOP), 0);
    Answer second;
    ask(eval, {.expressions = {u"2 + 2"_s}, .scope = {}}, second);
    QElapsedTimer stopped;
    stopped.start();
    QTRY_VERIFY_WITH_TIMEOUT(stopped.hasExpired(5LL * kExpressionCpuMs), kPatience);
    QVERIFY(!second.value);
    QCOMPARE(kill(pid, SIGCONT), 0);
    QTRY_VERIFY_WITH_TIMEOUT(second.value, kPatience);
    QVERIFY(*second.value);
    QCOMPARE(**second.value, QJsonArray{4});
    QCOMPARE(evaluator(), pid);
}

void TestEvalProcess::whatNeedsTooMuchFails_data()
{
    QTest::addColumn<bool>("script");
    QTest::newRow("an expression") << false;
    QTest::newRow("a script") << true;
}

void TestEvalProcess::whatNeedsTooMuchFails()
{
    QFETCH(bool, script);
    EvalProcess eval(kProgram);
    Answer endless;
    Answer other;
    ask(eval, {.expressions = {u"(() => { for (;;); })()"_s}, .script = script, .scope = {}}, endless);
    ask(eval, {.expressions = {u"3"_s}, .scope = {}}, other);
    QTRY_VERIFY_WITH_TIMEOUT(endless.value, kPatience);
    QVERIFY(!*endless.value);
    QCOMPARE(endless.value->error().code, ErrorCode::Timeout);
    QTRY_VERIFY_WITH_TIMEOUT(other.value, kPatience);
    QVERIFY(*other.value);
    QCOMPARE(**other.value, QJsonArray{3});
}

void TestEvalProcess::scripts()
{
    EvalProcess eval(kProgram);
    const QJsonObject scope{{u"inputs"_s, QJsonObject{{u"n"_s, 4}}}};
    Answer expression;
    Answer body;
    ask(eval, {.expressions = {u"({ twice: inputs.n * 2 })"_s}, .script = true, .scope = scope}, expression);
    ask(eval,
        {.expressions = {u"let sum = 0\nfor (let i = 0; i < inputs.n; ++i) sum += i\nreturn sum"_s},
         .script = true,
         .scope = scope},
        body);
    QTRY_VERIFY_WITH_TIMEOUT(expression.value && body.value, kPatience);
    QCOMPARE(**expression.value, (QJsonArray{QJsonObject{{u"twice"_s, 8}}}));
    QCOMPARE(**body.value, QJsonArray{6});
}

QTEST_GUILESS_MAIN(TestEvalProcess)
#include "tst_eval_process.moc"
