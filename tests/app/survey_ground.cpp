#include "tests/app/survey_ground.h"

#include <QDir>

#include <unistd.h>

namespace muster::test {

using namespace Qt::StringLiterals;
using namespace muster::e2e;

namespace {

constexpr uid_t nobody = 65534;

} // namespace

SurveyGround::SurveyGround()
{
    QDir().mkpath(project());
    // Nobody has said who he is, neither for himself nor for all.
    QFile::remove(m_home.path(u"gitconfig"_s));
    writeFile(m_home.path(u"gitconfig"_s), {});
    m_home.environment().insert(u"GIT_CONFIG_NOSYSTEM"_s, u"1"_s);
    m_home.environment().insert(u"HOME"_s, m_home.root());
}

// Names that are no UTF-8 are out of QTemporaryDir's reach.
SurveyGround::~SurveyGround()
{
    QDir().mkpath(project());
    (void)prepare(u"cd /; rm -rf \"$OUT\"/*"_s);
}

bool SurveyGround::prepare(const QString &script)
{
    QProcess shell;
    QProcessEnvironment environment = m_home.environment();
    environment.insert(u"OUT"_s, m_home.root());
    for (const QString &who : {u"AUTHOR"_s, u"COMMITTER"_s}) {
        environment.insert(u"GIT_"_s + who + u"_NAME"_s, u"Tester"_s);
        environment.insert(u"GIT_"_s + who + u"_EMAIL"_s, u"tester@example.org"_s);
    }
    shell.setProcessEnvironment(environment);
    shell.setWorkingDirectory(project());
    shell.start(u"bash"_s, {u"-ec"_s, script});
    const Finished end = MusterHome::waitFor(shell);
    if (end.exitCode != 0)
        qInfo("%s", end.tail().constData());
    return end.exitCode == 0;
}

bool SurveyGround::makeShop()
{
    return prepare(
        u"git init -q -b main; mkdir src tests; printf '# Shop\n\nA small shop for fruit.\n' > README.md; "
        "printf 'int add(int a, int b)\n{\n    return a + b;\n}\n' > src/add.c; "
        "printf 'def test_a():\n    assert 1\n' > tests/test_a.py; git add -A; git commit -qm Begin"_s);
}

bool SurveyGround::giveToNobody()
{
    m_asNobody = ::geteuid() == 0;
    return !m_asNobody || prepare(u"chown -R %1:%1 \"$OUT\""_s.arg(nobody));
}

Finished SurveyGround::survey()
{
    QProcess process;
    process.setProcessEnvironment(m_home.environment());
    process.setWorkingDirectory(m_home.root());
    process.setStandardInputFile(QProcess::nullDevice());
    if (m_asNobody)
        process.setChildProcessModifier([] {
            if (::setgid(nobody) != 0 || ::setuid(nobody) != 0)
                ::_exit(127);
        });
    process.start(QStringLiteral(MUSTER_BIN_DIR "/muster"),
                  {u"run"_s, u"survey"_s, u"--project"_s, project(), u"--runtime"_s, u"demo"_s, u"--yes"_s,
                   u"--in-process"_s, u"--json"_s});
    Finished end = MusterHome::waitFor(process);
    const QJsonArray worktrees = end.object().value(u"run"_s).toObject().value(u"worktrees"_s).toArray();
    const QString folder = worktrees.first().toObject().value(u"path"_s).toString();
    m_written = folder.isEmpty() ? QByteArray() : readFile(folder + u"/SURVEY.md"_s);
    return end;
}

} // namespace muster::test
