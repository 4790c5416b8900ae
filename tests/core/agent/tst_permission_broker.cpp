// The permission broker over tables of commands: what a careless person's broad rules must not let through,
// and what they must.
#include "tests/core/agent/permission_commands.h"
#include "tests/core/agent/permission_fixture.h"

using namespace muster;
using namespace muster::testing;
using Kind = PermissionDecision::Kind;

class TestPermissionBroker : public QObject {
    Q_OBJECT
private slots:
    void hostileCommandIsNotAllowed_data();
    void hostileCommandIsNotAllowed();
    void ordinaryCommandIsAllowed_data();
    void ordinaryCommandIsAllowed();
    void longLineIsAsked();
    void mutilatedLineIsNeverAllowed_data() { ordinaryCommandIsAllowed_data(); }
    void mutilatedLineIsNeverAllowed();

private:
    static void addRows(const QStringList &commands)
    {
        QTest::addColumn<QString>("command");
        for (qsizetype i = 0; i < commands.size(); ++i)
            QTest::addRow("%03lld %s", static_cast<long long>(i + 1), qPrintable(commands[i])) << commands[i];
    }
    PermissionFixture m_fixture;
};

void TestPermissionBroker::hostileCommandIsNotAllowed_data()
{
    addRows(hostileCommands());
    QVERIFY(hostileCommands().size() >= 300);
}

void TestPermissionBroker::ordinaryCommandIsAllowed_data() { addRows(ordinaryCommands()); }

void TestPermissionBroker::hostileCommandIsNotAllowed()
{
    QFETCH(QString, command);
    QCOMPARE(nameOf(m_fixture.run(command, broadRules()).kind), '?');
}

void TestPermissionBroker::ordinaryCommandIsAllowed()
{
    QFETCH(QString, command);
    const auto decision = m_fixture.run(command, broadRules() + QStringList{u"allow [ *"_s});
    QVERIFY2(decision.kind == Kind::Allow, qPrintable(enumName(decision.risk) + u' ' + decision.detail));
    QVERIFY(!decision.by.isEmpty());
    // Nothing of it is allowed without its rules.
    QCOMPARE(nameOf(m_fixture.run(command, {}).kind), '?');
}

void TestPermissionBroker::longLineIsAsked()
{
    const QString longest = u"echo "_s + QString(CommandLine::longest - 5, u'x');
    QCOMPARE(nameOf(m_fixture.run(longest, broadRules()).kind), 'A');
    QCOMPARE(nameOf(m_fixture.run(longest + u'x', broadRules()).kind), '?');
    QCOMPARE(nameOf(m_fixture.run(u"echo "_s + QString(4000, u'('), broadRules()).kind), '?');
    QCOMPARE(nameOf(m_fixture.run(u"echo "_s + u"$("_s.repeated(4000), broadRules()).kind), '?');
    QCOMPARE(nameOf(m_fixture.run(u"nohup "_s.repeated(1000) + u"ctest"_s, broadRules()).kind), '?');
    QCOMPARE(nameOf(m_fixture.run(u"xargs"_s + u" x"_s.repeated(4000), broadRules()).kind), '?');
    QCOMPARE(nameOf(m_fixture.run(u"ls;"_s.repeated(3000), broadRules()).kind), '?');
    QCOMPARE(nameOf(m_fixture.run(u"cd src;"_s.repeated(1000) + u"ls"_s, broadRules()).kind), '?');
}

// Whatever is put anywhere into an allowed line: a command that no rule knows never gets through.
void TestPermissionBroker::mutilatedLineIsNeverAllowed()
{
    QFETCH(QString, command);
    const QStringList rules = broadRules() + QStringList{u"allow [ *"_s};
    for (const QString &hostile :
         {u"\nreboot\n"_s, u";reboot;"_s, u"$(reboot)"_s, u"`reboot`"_s, u"|reboot|"_s, u"<(reboot)"_s}) {
        for (qsizetype at = 0; at <= command.size(); ++at) {
            const QString line = command.first(at) + hostile + command.sliced(at);
            const CommandPlan plan = planOf(line);
            const bool runs = std::ranges::any_of(
                plan.commands, [](const PlannedCommand &planned) { return planned.program() == u"reboot"; });
            // Within quotes it is text; where it is a command it must have been seen and not be allowed.
            if (runs)
                QVERIFY2(m_fixture.run(line, rules).kind != Kind::Allow, qPrintable(line));
        }
    }
}

QTEST_GUILESS_MAIN(TestPermissionBroker)
#include "tst_permission_broker.moc"
