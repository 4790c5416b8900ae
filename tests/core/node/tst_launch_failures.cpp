// Launch failures are told apart, for each way in which agents are driven, and each comes with its own advice
// in what the person reads. Real programs that cannot be started, or that die with a word on stderr.
#include "core/viewmodel/describe.h"
#include "tests/core/node/node_harness.h"

#include <QSet>

using namespace muster;
using namespace muster::api;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

struct Failure {
    const char *name;
    QString program; // empty: the script that dies with `said`
    QString said;
    FailureReason reason;
    QString code;
};

const QString dies = u"" MUSTER_SOURCE_DIR "/tests/fixtures/agents/dies.sh"_s;

QList<Failure> failures()
{
    using R = FailureReason;
    return {
        {"not installed", u"muster-test-no-such-program"_s, {}, R::LaunchFailed, u"not_installed"_s},
        {"not executable", u"" MUSTER_SOURCE_DIR "/README.md"_s, {}, R::LaunchFailed, u"not_executable"_s},
        {"wrong version",
         {},
         u"error: this program requires Node.js >= 22"_s,
         R::LaunchFailed,
         u"wrong_version"_s},
        {"not signed in",
         {},
         u"You are not logged in. Please log in first."_s,
         R::AuthRequired,
         u"auth_required"_s},
        {"bad key", {}, u"Error: invalid x-api-key"_s, R::AuthRequired, u"bad_key"_s},
        {"model",
         {},
         u"model_not_found: the model o99 does not exist"_s,
         R::ModelUnavailable,
         u"model_unavailable"_s},
        {"network", {}, u"getaddrinfo ENOTFOUND api.example.invalid"_s, R::LaunchFailed, u"network"_s},
        {"interpreter",
         {},
         u"/usr/bin/env: 'node': No such file or directory"_s,
         R::LaunchFailed,
         u"system_refused"_s},
        {"crash",
         {},
         u"segmentation violation at 0xdead"_s,
         R::LaunchFailed,
         u"crashed_before_first_message"_s},
    };
}

} // namespace

class TestLaunchFailures : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() { m_node.reset(); }
    void toldApart_data();
    void toldApart();
    void eachHasItsOwnAdvice();

private:
    [[nodiscard]] QString story(RunId run);
    [[nodiscard]] static QString idOf(const QString &protocol, const QString &code)
    {
        return protocol + u'-' + code;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<NodeHarness> m_node;
};

void TestLaunchFailures::initTestCase()
{
    QVERIFY(QDir().mkpath(m_folder.filePath(u"flows"_s)));
    QFile flow(m_folder.filePath(u"flows/own.flow.yaml"_s));
    QVERIFY(flow.open(QIODevice::WriteOnly));
    flow.write("muster: 1\nname: own\nsteps:\n  - { id: a, prompt: 'say hello' }\n");
    m_node = std::make_unique<NodeHarness>(false, [](const Paths &paths) {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        for (const auto &[protocol, name] : EnumNames<RuntimeProtocol>::table) {
            for (const Failure &failure : failures()) {
                const QString id =
                    idOf(QString::fromLatin1(name).replace(u'_', u'-'), failure.code).replace(u'_', u'-');
                QJsonArray argv{failure.program.isEmpty() ? dies : failure.program};
                if (failure.program.isEmpty())
                    argv.append(failure.said);
                QJsonObject json{{u"id"_s, id},
                                 {u"label"_s, id},
                                 {u"protocol"_s, QString::fromLatin1(name)},
                                 {u"argv"_s, argv}};
                if (protocol == RuntimeProtocol::StreamJson)
                    json.insert(u"stream_json"_s, QJsonObject{{u"flags"_s, QJsonArray()},
                                                              {u"agent_name"_s, u"Own"_s},
                                                              {u"mode"_s, u"default"_s}});
                QFile file(paths.configDir + u"/runtimes/"_s + id + u".json"_s);
                QVERIFY(file.open(QIODevice::WriteOnly));
                file.write(QJsonDocument(json).toJson());
            }
        }
    });
}

void TestLaunchFailures::toldApart_data()
{
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<FailureReason>("reason");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("said");
    for (const auto &[protocol, name] : EnumNames<RuntimeProtocol>::table) {
        for (const Failure &failure : failures())
            QTest::addRow("%s, %s", name, failure.name)
                << idOf(QString::fromLatin1(name), failure.code).replace(u'_', u'-') << failure.reason
                << failure.code << failure.said;
    }
}

// What a run that does not end has come to.
QString TestLaunchFailures::story(RunId run)
{
    QStringList lines;
    const auto events = m_node->query(ListEvents{.filter = {.run = run}});
    for (const Event &event : events.value_or(std::vector<Event>()))
        lines +=
            event.kind + u' ' + QString::fromUtf8(QJsonDocument(event.data).toJson(QJsonDocument::Compact));
    return lines.join(u'\n');
}

void TestLaunchFailures::toldApart()
{
    QFETCH(QString, runtime);
    QFETCH(FailureReason, reason);
    QFETCH(QString, code);
    QFETCH(QString, said);
    const auto run = m_node->submit(
        StartRun{.project = m_folder.path(), .flow = u"own"_s, .runtime = runtime, .trust = true});
    QVERIFY2(run, run ? "" : qPrintable(run.error().detail));
    const auto ended = m_node->ended(run->refs.run);
    QVERIFY2(ended, qPrintable(story(run->refs.run)));
    QCOMPARE(ended->run.status, RunStatus::Failed);
    QCOMPARE(ended->run.reason, reason);
    QVERIFY2(ended->run.detail.startsWith(code + u':') || ended->run.detail == code,
             qPrintable(ended->run.detail));
    QVERIFY(ended->run.detail.contains(said)); // its last words
    // What the window and the command line show.
    const QString words = describeFailure(reason, ended->run.detail);
    QVERIFY2(!words.contains(code), qPrintable(words));
    QVERIFY(words.contains(said));
    QVERIFY(adviceFor(reason, ended->run.detail) != adviceFor(FailureReason::LaunchFailed));
}

void TestLaunchFailures::eachHasItsOwnAdvice()
{
    QSet<QString> advice;
    QSet<QString> words;
    const QList<Failure> all = failures();
    for (const Failure &failure : all) {
        advice += adviceFor(failure.reason, failure.code);
        words += describeFailure(failure.reason, failure.code);
    }
    QVERIFY(!advice.contains(QString()));
    QCOMPARE(advice.size(), all.size());
    QCOMPARE(words.size(), all.size());
}

QTEST_GUILESS_MAIN(TestLaunchFailures)
#include "tst_launch_failures.moc"
