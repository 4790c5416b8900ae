// Rules, their scopes and patterns; denials that must be found; paths; and why something is asked.
#include "tests/core/agent/permission_fixture.h"

using namespace muster;
using namespace muster::testing;

class TestPermissionRules : public QObject {
    Q_OBJECT
private slots:
    void ruleDecides_data();
    void ruleDecides();
    void denialFindsTheCommand_data();
    void denialFindsTheCommand();
    void path_data();
    void path();
    void askedWithTheReason_data();
    void askedWithTheReason();
    void nobodyToAskIsADenial();

private:
    PermissionFixture m_fixture;
};

void TestPermissionRules::ruleDecides_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QStringList>("rules");
    QTest::addColumn<char>("expected");
    const auto row = [](const QString &command, const QStringList &rules, char expected) {
        QTest::addRow("%s | %s", qPrintable(command), qPrintable(rules.join(u", "_s)))
            << command << rules << expected;
    };
    row(u"make"_s, {u"allow make"_s}, 'A');
    row(u"make all"_s, {u"allow make"_s}, '?');
    row(u"makefile"_s, {u"allow make *"_s}, '?');
    row(u"make"_s, {u"allow make *"_s}, 'A');
    row(u"npm run test:unit"_s, {u"allow npm run test:*"_s}, 'A');
    row(u"npm run deploy"_s, {u"allow npm run test:*"_s}, '?');
    row(u"ls"_s, {u"allow *"_s}, '?');
    row(u"lsof"_s, {u"allow ls*"_s}, '?');
    row(u"a && b"_s, {u"allow a && b"_s}, 'A');
    row(u"a && b"_s, {u"allow a"_s}, '?');
    row(u"a && b"_s, {u"allow a"_s, u"allow b"_s}, 'A');
    row(u"ls *"_s, {u"allow ls *"_s}, '?');
    row(u"ls *"_s, {u"exact ls *"_s}, 'A');
    row(u"rm x"_s, {u"exact rm *"_s}, '?');
    row(u"curl x | sh"_s, {u"exact curl x | sh"_s}, 'A');
    row(u"curl y | sh"_s, {u"exact curl x | sh"_s}, '?');
    row(u"curl x | sh"_s, {u"allow curl *"_s, u"allow sh"_s}, '?');
    row(u"sh build.sh"_s, {u"allow sh build.sh"_s}, 'A');
    row(u"sh build.sh x"_s, {u"allow sh build.sh *"_s}, 'A');
    row(u"sh other.sh"_s, {u"allow sh build.sh *"_s}, '?');
    row(u"python3 -m pytest -q"_s, {u"allow python3 -m pytest *"_s}, 'A');
    row(u"python3 -m http.server"_s, {u"allow python3 -m pytest *"_s}, '?');
    row(u"git config user.name"_s, {u"allow git config user.name"_s}, 'A');
    row(u"docker build src"_s, {u"allow docker build *"_s}, 'A');
    row(u"sudo apt-get update"_s, {u"allow sudo apt-get update"_s}, 'A');
    row(u"sudo apt-get update"_s, {u"allow sudo apt-get *"_s}, '?');
    row(u"env QT_QPA_PLATFORM=offscreen ctest -R x"_s, {u"allow env QT_QPA_PLATFORM=offscreen ctest *"_s},
        'A');
    row(u"env QT_QPA_PLATFORM=evil ctest"_s, {u"allow env QT_QPA_PLATFORM=offscreen ctest *"_s}, '?');
    row(u"env X=1 reboot"_s, {u"allow env *"_s}, '?');
    row(u"cat .env"_s, {u"allow cat .env"_s}, 'A');
    row(u"cd src && cat .env"_s, {u"allow cat .env"_s}, '?');
    row(u"ctest > x.log"_s, {u"allow ctest"_s}, '?');
    row(u"ctest > x.log"_s, {u"allow ctest"_s, u"write *.log"_s}, 'A');
    row(u"ctest > src/x.log"_s, {u"allow ctest"_s, u"write *.log"_s}, '?');
    row(u"ctest > x.log"_s, {u"allow ctest"_s, u"write *.log"_s, u"nowrite x.log"_s}, 'D');
    // Deny wins, whatever the scope; then the most specific scope; in it asking.
    row(u"make"_s, {u"allow @task make"_s, u"deny make *"_s}, 'D');
    row(u"make"_s, {u"allow @task make"_s, u"deny @flow make"_s}, 'D');
    row(u"make"_s, {u"allow make *"_s, u"ask make *"_s}, '?');
    row(u"make"_s, {u"allow @task make *"_s, u"ask make *"_s}, 'A');
    row(u"make"_s, {u"allow @project make *"_s, u"ask make *"_s}, '?');
    row(u"make"_s, {u"exact make"_s, u"ask make *"_s}, '?');
    row(u"make"_s, {u"exact @task make"_s, u"ask make *"_s}, 'A');
    row(u"make && ls"_s, {u"allow make"_s, u"allow ls"_s, u"ask ls *"_s}, '?');
    // A rule that is not understood is never taken for a no.
    row(u"make"_s, {u"allow make"_s, u"deny curl 'x"_s}, '?');
    row(u"make"_s, {u"allow make 'x"_s}, '?');
    row(u"make"_s, {u"allow "_s}, '?');
    row(u"curl x | sh"_s, {u"exact curl x | sh"_s, u"deny curl * | sh"_s}, 'D');
    row(u"curl x"_s, {u"allow curl *"_s, u"deny curl * | sh"_s}, 'A');
}

void TestPermissionRules::ruleDecides()
{
    QFETCH(QString, command);
    QFETCH(QStringList, rules);
    QTEST(nameOf(m_fixture.run(command, rules).kind), "expected");
}

void TestPermissionRules::denialFindsTheCommand_data()
{
    QTest::addColumn<QString>("command");
    for (const QString &command : {u"git push"_s,
                                   u"git push origin main"_s,
                                   u"/usr/bin/git push"_s,
                                   u"g''it pu\"sh\""_s,
                                   u"\\git push"_s,
                                   u"ctest && git push"_s,
                                   u"ctest; (git push)"_s,
                                   u"echo $(git push)"_s,
                                   u"echo `git push`"_s,
                                   u"echo ${x:-$(git push)}"_s,
                                   u"cat <(git push)"_s,
                                   u"git -C src push"_s,
                                   u"git -c x=y push"_s,
                                   u"git --no-pager push"_s,
                                   u"sh -c 'git push'"_s,
                                   u"bash -lc 'git push'"_s,
                                   u"eval git push"_s,
                                   u"eval 'git push'"_s,
                                   u"env git push"_s,
                                   u"env X=1 git push"_s,
                                   u"env -S 'x' git push"_s,
                                   u"nohup git push &"_s,
                                   u"timeout 5 git push"_s,
                                   u"sudo git push"_s,
                                   u"sudo -u x git push"_s,
                                   u"ls | xargs git push"_s,
                                   u"xargs -n 1 git push"_s,
                                   u"find . -exec git push ;"_s,
                                   u"X=1 git push"_s,
                                   u"if true; then git push; fi"_s,
                                   u"for x in a; do git push; done"_s,
                                   u"f() { git push; }; f"_s,
                                   u"cat <<EOF\n$(git push)\nEOF"_s,
                                   u"git \\\n push"_s,
                                   u"git push > x"_s,
                                   u"> x git push"_s,
                                   u"! git push"_s,
                                   u"ssh host git push"_s,
                                   u"time git push"_s,
                                   u"sh -c 'sh -c \"git push\"'"_s,
                                   u"git push 'x"_s,
                                   u"ssh host 'git push'"_s,
                                   u"su -c 'git push'"_s,
                                   u"env -S 'git push'"_s,
                                   u"GIT push"_s,
                                   u"git push #"_s,
                                   u"git push $x"_s,
                                   u"git\tpush"_s})
        QTest::addRow("%s", qPrintable(command)) << command;
}

void TestPermissionRules::denialFindsTheCommand()
{
    QFETCH(QString, command);
    const QStringList deny{u"deny git push *"_s};
    QCOMPARE(nameOf(m_fixture.run(command, broadRules() + deny).kind), 'D');
    QCOMPARE(nameOf(m_fixture.run(command, QStringList{u"exact @task "_s + command} + deny).kind), 'D');
}

void TestPermissionRules::path_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QStringList>("rules");
    QTest::addColumn<char>("expected");
    const auto row = [](const QString &kind, const QStringList &paths, const QStringList &rules,
                        char expected) {
        QTest::addRow("%s %s | %s", qPrintable(kind), qPrintable(paths.join(u' ')),
                      qPrintable(rules.join(u", "_s)))
            << kind << paths << rules << expected;
    };
    const QString all = u"write **"_s;
    row(u"edit"_s, {u"src/main.cpp"_s}, {}, '?');
    row(u"edit"_s, {}, {all}, '?');
    row(u"edit"_s, {QString()}, {all, u"write src/*"_s}, '?');
    row(u"edit"_s, {u"src/main.cpp"_s}, {all}, 'A');
    row(u"edit"_s, {u"src/new.cpp"_s}, {u"write src/*"_s}, 'A');
    row(u"edit"_s, {u"src/core/new.cpp"_s}, {u"write src/*"_s}, '?');
    row(u"edit"_s, {u"src/core/new.cpp"_s}, {u"write src/**"_s}, 'A');
    row(u"edit"_s, {u"core/new.cpp"_s}, {u"write src/core/*"_s}, 'A');
    row(u"edit"_s, {u"core/new.cpp"_s}, {u"write core/*"_s}, '?');
    row(u"edit"_s, {u"src/a"_s, u"docs/b"_s}, {u"write src/*"_s}, '?');
    row(u"edit"_s, {u"src/a"_s, u"docs/b"_s}, {u"write src/*"_s, u"write docs/*"_s}, 'A');
    row(u"edit"_s, {u"docs/../src/a"_s}, {u"write docs/**"_s}, '?');
    for (const char *bad :
         {"../x", "/etc/passwd", "out/x", "note", "dangling", "src/../../x", "out/../x", ".", ".git/config",
          ".GIT/config", "src/.git", "meta/config", ".muster/flows/x.yaml", ".githooks/x", ".envrc", ".env",
          "plain.txt", "server.pem", "src\\..\\x"})
        row(u"edit"_s, {QLatin1StringView(bad)}, {all}, '?');
    row(u"edit"_s, {u"src/a"_s, u"../x"_s}, {all}, '?');
    row(u"edit"_s, {u".env"_s}, {u"write .env"_s}, 'A');
    row(u"edit"_s, {u".git/config"_s}, {u"write .git/config"_s}, '?');
    row(u"edit"_s, {u"src/a"_s}, {all, u"nowrite src/*"_s}, 'D');
    row(u"edit"_s, {u"core/a"_s}, {all, u"nowrite src/core/*"_s}, 'D');
    row(u"edit"_s, {u"src/a"_s, u"docs/b"_s}, {all, u"nowrite docs/*"_s}, 'D');
    row(u"edit"_s, {u"docs/../src/a"_s}, {all, u"nowrite src/*"_s}, 'D');
    row(u"delete"_s, {u"src/a"_s}, {all}, '?');
    row(u"delete"_s, {u"src/a"_s}, {u"nowrite src/*"_s}, 'D');
    row(u"move"_s, {u"src/a"_s}, {u"nowrite src/*"_s}, 'D');
    row(u"read"_s, {u"src/a"_s}, {all}, '?');
    row(u"fetch"_s, {}, {all}, '?');
    row(u"other"_s, {}, broadRules(), '?');
}

void TestPermissionRules::path()
{
    QFETCH(QString, kind);
    QFETCH(QStringList, paths);
    QFETCH(QStringList, rules);
    const PermissionRequested request{.kind = enumFromName<ToolKind>(kind).value(), .paths = paths};
    QTEST(nameOf(m_fixture.decide(request, rules).kind), "expected");
}

void TestPermissionRules::askedWithTheReason_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<PermissionRisk>("risk");
    QTest::addColumn<QString>("detail");
    using enum PermissionRisk;
    QTest::addRow("no rule") << u"reboot now"_s << None << QString();
    QTest::addRow("outside") << u"cat ../x"_s << OutsideWorkspace << u"../x"_s;
    QTest::addRow("sensitive") << u"cat .env"_s << Sensitive << u".env"_s;
    QTest::addRow("protected") << u"cat .git/config"_s << Protected << u".git/config"_s;
    QTest::addRow("runs others") << u"find . -delete"_s << RunsOthers << u"-delete"_s;
    QTest::addRow("changes the shell") << u"export X=1"_s << ChangesShell << u"export"_s;
    QTest::addRow("assignment") << u"PATH=/tmp ctest"_s << ChangesShell << u"PATH=/tmp"_s;
    QTest::addRow("quote") << u"ctest 'x"_s << NotUnderstood << u"unclosed_quote"_s;
    QTest::addRow("hidden") << u"ctest \u202ex"_s << NotUnderstood << u"hidden_character"_s;
    QTest::addRow("expanded") << u"cat $x"_s << NotUnderstood << u"$x"_s;
}

void TestPermissionRules::askedWithTheReason()
{
    QFETCH(QString, command);
    const auto decision = m_fixture.run(command, broadRules());
    QCOMPARE(nameOf(decision.kind), '?');
    QTEST(decision.risk, "risk");
    QTEST(decision.detail, "detail");
}

void TestPermissionRules::nobodyToAskIsADenial()
{
    const auto denied = m_fixture.run(u"reboot"_s, broadRules(), true);
    QCOMPARE(nameOf(denied.kind), 'D');
    QCOMPARE(denied.by, u"unattended"_s);
    QCOMPARE(nameOf(m_fixture.run(u"ctest"_s, broadRules(), true).kind), 'A');
}

QTEST_GUILESS_MAIN(TestPermissionRules)
#include "tst_permission_rules.moc"
