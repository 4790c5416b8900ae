#include "app/demo_agent/analysis/git.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// Each of these keys of a hostile repository would otherwise run a program of its choice.
const QStringList &hardening()
{
    static const QStringList keys{
        u"core.hooksPath=/dev/null"_s,
        u"core.fsmonitor=false"_s,
        u"core.pager=cat"_s,
        u"diff.external="_s,
        u"core.sshCommand=ssh"_s,
        u"credential.helper="_s,
        u"core.askPass="_s,
        u"core.editor=false"_s,
        u"commit.gpgSign=false"_s,
        u"log.showSignature=false"_s,
        u"gpg.program=false"_s,
        u"protocol.ext.allow=never"_s,
        u"core.quotePath=false"_s,
        u"log.follow=false"_s,
        u"diff.ignoreSubmodules=all"_s,
    };
    return keys;
}

QProcessEnvironment gitEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    // Set by a caller such as a hook, these would point git at another repository than the one asked for.
    for (const QString &name :
         {u"GIT_DIR"_s, u"GIT_WORK_TREE"_s, u"GIT_INDEX_FILE"_s, u"GIT_EXTERNAL_DIFF"_s})
        environment.remove(name);
    environment.insert(u"GIT_OPTIONAL_LOCKS"_s, u"0"_s);
    environment.insert(u"GIT_TERMINAL_PROMPT"_s, u"0"_s);
    environment.insert(u"GIT_NO_LAZY_FETCH"_s, u"1"_s);
    environment.insert(u"LC_ALL"_s, u"C"_s);
    return environment;
}

Error gitError(QProcess &git)
{
    const QString said = QString::fromUtf8(git.readAllStandardError()).trimmed().section(u'\n', -1);
    return {.code = said.contains("not a git repository"_L1) ? ErrorCode::Unavailable : ErrorCode::Io,
            .detail = said,
            .where = u"git"_s};
}

void readNumstat(const QString &line, History &history)
{
    const QStringList cells = line.split(u'\t');
    if (cells.size() < 3)
        return;
    const QString &path = cells.at(2);
    history.commits.back().files.append(path);
    Churn &churn = history.byFile[path];
    ++churn.commits;
    churn.added += cells.at(0).toLongLong(); // "-" for a binary file reads as 0
    churn.removed += cells.at(1).toLongLong();
}

void readHeader(const QString &line, History &history)
{
    const QStringList cells = line.split(QChar(0x1f));
    if (cells.size() < 4)
        return;
    Commit commit{.id = cells.at(0),
                  .author = cells.at(2),
                  .subject = cells.at(3),
                  .when = QDateTime::fromSecsSinceEpoch(cells.at(1).toLongLong(), QTimeZone::UTC),
                  .files = {}};
    ++history.authors[commit.author];
    history.commits.push_back(std::move(commit));
}

} // namespace

Result<QByteArray> runGit(const QString &directory, const QStringList &arguments, const StopCheck &stop,
                          int timeoutMs)
{
    QStringList all{u"-C"_s, directory, u"--no-pager"_s};
    for (const QString &key : hardening())
        all << u"-c"_s << key;
    all << arguments;
    QProcess git;
    git.setProcessEnvironment(gitEnvironment());
    git.setStandardInputFile(QProcess::nullDevice());
    git.start(u"git"_s, all);
    if (!git.waitForStarted(timeoutMs))
        return fail(ErrorCode::Unavailable, u"git could not be started"_s, u"git"_s);
    QElapsedTimer timer;
    timer.start();
    while (git.state() != QProcess::NotRunning && !git.waitForFinished(50)) {
        const bool late = timer.hasExpired(timeoutMs);
        if (!late && !stopped(stop))
            continue;
        git.kill();
        git.waitForFinished(1000);
        return fail(late ? ErrorCode::Timeout : ErrorCode::Cancelled, {}, u"git"_s);
    }
    if (git.exitStatus() != QProcess::NormalExit || git.exitCode() != 0)
        return std::unexpected(gitError(git));
    return git.readAllStandardOutput();
}

Result<History> readHistory(const QString &directory, const StopCheck &stop, int limit)
{
    const auto out = runGit(
        directory,
        {u"log"_s, u"--no-ext-diff"_s, u"--no-textconv"_s, u"--no-renames"_s, u"--numstat"_s,
         u"--no-merges"_s, u"--relative"_s, u"--format=%x01%H%x1f%at%x1f%aN%x1f%s"_s,
         u"--max-count="_s + QString::number(limit + 1), u"--end-of-options"_s, u"HEAD"_s, u"--"_s, u"."_s},
        stop);
    if (!out)
        return std::unexpected(out.error());
    History history;
    const auto where = runGit(directory, {u"rev-parse"_s, u"--is-shallow-repository"_s, u"HEAD"_s}, stop);
    const QStringList answers =
        QString::fromLatin1(where.value_or(QByteArray())).split(u'\n', Qt::SkipEmptyParts);
    history.shallow = answers.value(0) == "true"_L1;
    history.head = answers.value(1);
    const QStringList lines = QString::fromUtf8(*out).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (line.front() != QChar(1)) {
            if (!history.commits.empty())
                readNumstat(line, history);
            continue;
        }
        if (static_cast<int>(history.commits.size()) == limit) {
            history.complete = false;
            break;
        }
        readHeader(line.sliced(1), history);
    }
    return history;
}

} // namespace muster::demo
