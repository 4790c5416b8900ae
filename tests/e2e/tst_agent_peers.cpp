// What runs inside an agent's or a shell step's tree may read from the node and never decide: with the real
// node, its real socket, and the real command line, also from a new session without environment and from a
// daemon.
#include "tests/e2e/node_client.h"
#include "tests/e2e/store_view.h"

using namespace muster;
using namespace muster::e2e;
using namespace Qt::StringLiterals;

namespace {

// Runs the command line with the arguments after the first, and leaves its exit code in the file named first.
const QByteArray script = R"(#!/bin/sh
file=$1; shift
"$@" >"$file.out" 2>&1
echo $? >"$file.new"
mv "$file.new" "$file"
)";

constexpr int refused = 3;

} // namespace

class TestAgentPeers : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void mayReadAndNeverDecide_data();
    void mayReadAndNeverDecide();
    void personStillDecides();

private:
    // The command with its arguments, as one line for the shell, as the row wants it started.
    [[nodiscard]] QString commandLine(const QString &how, const QString &result,
                                      const QStringList &arguments) const;
    [[nodiscard]] QStringList state() const;

    MusterHome m_home;
    QString m_open;  // a project with a run that waits for its person
    QString m_other; // one that nobody trusts
    qint64 m_inbox = 0;
    qint64 m_run = 0;
};

void TestAgentPeers::initTestCase()
{
    m_open = m_home.makeProject(u"open"_s);
    m_other = m_home.makeProject(u"other"_s);
    MusterHome::writeFlow(m_open, u"asks"_s,
                          "muster: 1\nname: asks\nsteps:\n  - { id: ok, approval: { ask: Go on? } }\n");
    MusterHome::writeFlow(m_other, u"own"_s,
                          "muster: 1\nname: own\nsteps:\n  - { id: a, isolation: none, run: 'true' }\n");
    QVERIFY(writeFile(m_home.path(u"try.sh"_s), script));
    m_home.startNode();
    QCOMPARE(m_home.muster({u"trust"_s, m_open}).exitCode, 0);
    NodeClient client(m_home);
    const auto run = client.submit(api::StartRun{.project = m_open, .flow = u"asks"_s});
    QVERIFY(run);
    m_run = run->refs.run.value;
    const StoreView store(m_home.paths().storeFile);
    const auto isAsked = [&] {
        m_inbox = store.number(u"SELECT id FROM inbox WHERE status = 'open'"_s);
        return m_inbox > 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isAsked(), patienceMs);
}

QString TestAgentPeers::commandLine(const QString &how, const QString &result,
                                    const QStringList &arguments) const
{
    const QString home = u"MUSTER_HOME="_s + m_home.path(u"home"_s);
    const QString words = arguments.join(u"' '"_s);
    const QString attempt = u"/bin/sh '%1' '%2' '%3' '%4'"_s.arg(
        m_home.path(u"try.sh"_s), result, QStringLiteral(MUSTER_BIN_DIR "/muster"), words);
    const QString bare = u"env -i PATH=/usr/bin:/bin HOME=/nonexistent "_s + home + u" setsid "_s + attempt;
    // It ends only when the attempt has: what a step leaves behind is ended with it.
    const QString untilDone = u"; while [ ! -e '%1' ]; do sleep 0.05; done"_s.arg(result);
    if (how == u"plain")
        return home + u' ' + attempt;
    if (how == u"bare")
        return bare + untilDone;
    return u"( ( %1 </dev/null >/dev/null 2>&1 & ) & )"_s.arg(bare) + untilDone; // daemon
}

QStringList TestAgentPeers::state() const
{
    const StoreView store(m_home.paths().storeFile);
    return store.rows(u"SELECT id, status, answer FROM inbox WHERE id = %1"_s.arg(m_inbox)) +
           store.rows(u"SELECT id, status, cancel_requested_at FROM runs WHERE id = %1"_s.arg(m_run)) +
           store.rows(u"SELECT path, trusted_at FROM projects WHERE path = '%1'"_s.arg(m_other)) +
           store.rows(u"SELECT key, value FROM settings"_s) +
           store.rows(u"SELECT count(*) FROM runs WHERE flow = 'own'"_s);
}

void TestAgentPeers::mayReadAndNeverDecide_data()
{
    QTest::addColumn<bool>("byAgent"); // else by a shell step
    QTest::addColumn<QString>("how");
    for (const bool byAgent : {false, true}) {
        for (const QString &how : {u"plain"_s, u"bare"_s, u"daemon"_s})
            QTest::addRow("%s, %s", byAgent ? "agent" : "shell step", qPrintable(how)) << byAgent << how;
    }
}

void TestAgentPeers::mayReadAndNeverDecide()
{
    QFETCH(bool, byAgent);
    QFETCH(QString, how);
    const QString inbox = QString::number(m_inbox);
    const QList<std::pair<QStringList, int>> attempts{
        {{u"runs"_s, u"--json"_s}, 0},
        {{u"inbox"_s, u"--json"_s}, 0},
        {{u"inbox"_s, u"answer"_s, inbox, u"yes"_s}, refused},
        {{u"inbox"_s, u"answer"_s, inbox, u"no"_s}, refused},
        {{u"trust"_s, m_other}, refused},
        {{u"config"_s, u"set"_s, u"pools.flow"_s, u"7"_s}, refused},
        {{u"run"_s, u"own"_s, u"--project"_s, m_other, u"--trust"_s}, refused},
        {{u"runs"_s, u"cancel"_s, QString::number(m_run)}, refused},
        {{u"permissions"_s, u"revoke"_s, u"1"_s}, refused},
        {{u"serve"_s, u"--stop"_s, u"--force"_s}, refused},
    };
    const QStringList before = state();
    const QString folder = m_home.makeProject(QString(how + (byAgent ? u"-agent"_s : u"-shell"_s)));
    QByteArray allowed;
    QByteArray steps;
    QStringList results;
    for (qsizetype i = 0; i < attempts.size(); ++i) {
        const QString number = QString::number(i);
        results += folder + u"/result-"_s + number;
        const QString file = folder + u"/attempt-"_s + number + u".sh"_s;
        QVERIFY(writeFile(file, commandLine(how, results.last(), attempts.at(i).first).toUtf8()));
        const QByteArray command = "sh " + file.toUtf8();
        allowed += "    - " + command + "\n";
        steps += "  - { id: s" + number.toUtf8();
        if (i > 0)
            steps += ", needs: [s" + QByteArray::number(i - 1) + "]";
        if (byAgent)
            steps += ", prompt: 'run `" + command + "`' }\n";
        else
            steps += ", run: '" + command + "' }\n";
    }
    MusterHome::writeFlow(folder, u"tries"_s,
                          "muster: 1\nname: tries\ndefaults: { isolation: none, timeout: 3m }\n"
                          "permissions:\n  run:\n" +
                              allowed + "steps:\n" + steps);
    const qint64 refusals = StoreView(m_home.paths().storeFile)
                                .number(u"SELECT count(*) FROM events WHERE kind = 'node.refused_agent'"_s);
    const Finished end =
        m_home.muster({u"run"_s, u"tries"_s, u"--project"_s, folder, u"--trust"_s, u"--json"_s});
    QVERIFY2(end.exitCode == 0, end.tail().constData());
    for (qsizetype i = 0; i < attempts.size(); ++i)
        QVERIFY2(readFile(results.at(i)).trimmed() == QByteArray::number(attempts.at(i).second),
                 qPrintable(attempts.at(i).first.join(u' ') + u": "_s +
                            QString::fromUtf8(readFile(results.at(i))) +
                            QString::fromUtf8(readFile(results.at(i) + u".out"_s))));
    QCOMPARE(state(), before);
    QVERIFY(m_home.nodeRuns());
    QVERIFY(StoreView(m_home.paths().storeFile)
                .number(u"SELECT count(*) FROM events WHERE kind = 'node.refused_agent'"_s) >= refusals + 8);
}

void TestAgentPeers::personStillDecides()
{
    QCOMPARE(m_home.muster({u"inbox"_s, u"answer"_s, QString::number(m_inbox), u"yes"_s}).exitCode, 0);
    NodeClient client(m_home);
    const auto detail = client.ended(RunId{m_run});
    QVERIFY(detail);
    QCOMPARE(detail->run.status, RunStatus::Completed);
    QVERIFY(m_home.stopNode());
    const StoreView store(m_home.paths().storeFile);
    QCOMPARE((store.problems() + store.loose()).join(u'\n'), QString());
    QTRY_COMPARE_WITH_TIMEOUT(processesBelow(m_home.root(), store.markers()), QStringList(), 30'000);
}

QTEST_GUILESS_MAIN(TestAgentPeers)
#include "tst_agent_peers.moc"
