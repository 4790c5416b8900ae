// The broker against real shells: random lines that it allows are run, and nothing but what its rules name
// may start. The programs are stand-ins in a temporary folder, which alone is searched.
#include "tests/core/agent/permission_fixture.h"

#include <QProcess>
#include <QRandomGenerator>

using namespace muster;
using namespace muster::testing;
using Kind = PermissionDecision::Kind;

class TestPermissionShells : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void allowedLineStartsNothingElse_data();
    void allowedLineStartsNothingElse();
    void standInsAreSeen();

private:
    void addProgram(const QString &name, const QByteArray &body);
    // The numbers of the lines that started "evil".
    [[nodiscard]] QStringList run(const QString &shell, const QStringList &lines);
    [[nodiscard]] QString randomLine();

    PermissionFixture m_fixture;
    QTemporaryDir m_bin;
    QRandomGenerator m_random{20'250'607};
};

void TestPermissionShells::addProgram(const QString &name, const QByteArray &body)
{
    QFile file(m_bin.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\n" + body + "\n");
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

void TestPermissionShells::initTestCase()
{
    addProgram(u"ok"_s, "exit 0");
    addProgram(u"evil"_s, "echo $LINE >> " + m_bin.filePath(u"log"_s).toUtf8());
    QVERIFY(QFile::link(u"/bin/sh"_s, m_bin.filePath(u"sh"_s)));
    QVERIFY(QFile::link(u"/usr/bin/env"_s, m_bin.filePath(u"env"_s)));
}

QStringList TestPermissionShells::run(const QString &shell, const QStringList &lines)
{
    QFile log(m_bin.filePath(u"log"_s));
    log.remove();
    QString script;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QString quoted = lines[i];
        quoted.replace(u'\'', u"'\\''"_s);
        script += u"LINE=%1 "_s.arg(i) + shell + u" -c '"_s + quoted + u"' </dev/null >/dev/null 2>&1\n"_s;
    }
    script += u"wait\n"_s;
    QProcess driver;
    driver.setWorkingDirectory(m_fixture.root());
    driver.setProcessEnvironment([this] {
        QProcessEnvironment environment;
        environment.insert(u"PATH"_s, m_bin.path());
        return environment;
    }());
    driver.start(u"/bin/sh"_s);
    driver.write(script.toUtf8());
    driver.closeWriteChannel();
    if (!driver.waitForFinished(120'000) || !log.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(log.readAll()).split(u'\n', Qt::SkipEmptyParts);
}

QString TestPermissionShells::randomLine()
{
    static const QStringList pieces{
        u"ok"_s,    u"ok"_s,     u"ok"_s,       u"ok "_s,    u"evil"_s,  u"evil"_s,     u" evil "_s,
        u"echo "_s, u"echo "_s,  u" "_s,        u" "_s,      u" "_s,     u";"_s,        u";"_s,
        u" && "_s,  u" || "_s,   u"|"_s,        u"&"_s,      u"\n"_s,    u"\n"_s,       u"("_s,
        u")"_s,     u"{ "_s,     u"; }"_s,      u"$("_s,     u")"_s,     u"`"_s,        u"`"_s,
        u"\""_s,    u"\""_s,     u"'"_s,        u"'"_s,      u"\\"_s,    u"$x"_s,       u"${x:-"_s,
        u"}"_s,     u"#"_s,      u" #"_s,       u" <<E\n"_s, u"\nE\n"_s, u" <<'E'\n"_s, u" <<-E\n"_s,
        u" <"_s,    u" >a "_s,   u" 2>&1 "_s,   u"<("_s,     u"! "_s,    u"if "_s,      u"; then "_s,
        u"; fi"_s,  u"sh -c "_s, u"eval "_s,    u"env "_s,   u"$'"_s,    u"$\""_s,      u"x=1 "_s,
        u"=1"_s,    u"a"_s,      u"-"_s,        u"["_s,      u"]"_s,     u"\t"_s,       u"\\\n"_s,
        u"$"_s,     u"exec "_s,  u"command "_s, u"cd src"_s, u"true"_s,  u"false"_s,    u"E"_s,
        u"<<<"_s,   u"&>a "_s};
    QString line;
    const int count = m_random.bounded(2, 14);
    for (int i = 0; i < count; ++i)
        line += pieces[m_random.bounded(static_cast<int>(pieces.size()))];
    return line;
}

void TestPermissionShells::allowedLineStartsNothingElse_data()
{
    QTest::addColumn<QString>("shell");
    for (const char *shell : {"/bin/sh", "/bin/bash", "/bin/zsh", "/bin/mksh"}) {
        if (QFile::exists(QLatin1StringView(shell)))
            QTest::addRow("%s", shell) << QString::fromLatin1(shell);
    }
}

void TestPermissionShells::allowedLineStartsNothingElse()
{
    QFETCH(QString, shell);
    constexpr qsizetype enough = 250;
    const QStringList rules{u"allow ok *"_s,   u"allow echo *"_s, u"allow sh *"_s,
                            u"allow eval *"_s, u"allow env *"_s,  u"write a"_s};
    QStringList allowed;
    // Only those where it could go wrong: the other program is named somewhere.
    for (int tries = 0; tries < 400'000 && allowed.size() < enough; ++tries) {
        const QString line = randomLine();
        if (line.contains(u"evil") && m_fixture.run(line, rules).kind == Kind::Allow)
            allowed += line;
    }
    QCOMPARE(allowed.size(), enough);
    const QStringList started = run(shell, allowed);
    for (const QString &number : started)
        qCritical("started by: %s", qPrintable(allowed.value(number.toLongLong())));
    QVERIFY(started.isEmpty());
}

// The test above can fail.
void TestPermissionShells::standInsAreSeen()
{
    QCOMPARE(run(u"/bin/sh"_s, {u"ok"_s, u"ok; evil"_s, u"env sh -c evil"_s}), (QStringList{u"1"_s, u"2"_s}));
}

QTEST_GUILESS_MAIN(TestPermissionShells)
#include "tst_permission_shells.moc"
