#include "core/workspace/demo_project.h"

#include "core/workspace/git.h"
#include "core/workspace/git_command.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QTemporaryDir>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxCommits = 6;

struct Chapter {
    QString subject;
    QStringList files; // relative, sorted
};

struct DemoFiles {
    QString root;
    std::vector<Chapter> chapters;
};

// What stands at the top comes first, then folder by folder: a history a person would have made.
std::vector<Chapter> chaptersOf(const QStringList &files)
{
    std::vector<Chapter> chapters;
    for (const QString &file : files) {
        const QString folder = file.contains(u'/') ? file.section(u'/', 0, 0) : QString();
        const QString subject = folder.isEmpty() ? u"Begin the project"_s : QString(u"Add " + folder);
        auto it = std::ranges::find(chapters, subject, &Chapter::subject);
        if (it == chapters.end()) {
            if (chapters.size() < kMaxCommits) {
                it = chapters.insert(folder.isEmpty() ? chapters.begin() : chapters.end(),
                                     {.subject = subject, .files = {}});
            } else {
                it = std::prev(chapters.end());
                it->subject = u"Add the rest"_s;
            }
        }
        it->files << file;
    }
    return chapters;
}

Status copyOut(const QString &from, const QString &to)
{
    if (!QDir().mkpath(QFileInfo(to).path()) || !QFile::copy(from, to))
        return fail(ErrorCode::Io, to);
    // Resources are read-only, and so would be their copies.
    const auto plain = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;
    const bool script = to.endsWith(u".sh");
    QFile::setPermissions(to, script ? plain | QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther : plain);
    return {};
}

// In resources a file cannot begin with a dot where tools skip it: "dot-gitignore" stands for ".gitignore".
QString targetName(const QString &file)
{
    const QString folder = file.section(u'/', 0, -2);
    QString name = file.section(u'/', -1);
    if (name.startsWith(u"dot-"))
        name = u'.' + name.sliced(4);
    return folder.isEmpty() ? name : QString(folder + u'/' + name);
}

bool isFree(const QString &directory)
{
    const QDir target(directory);
    return !target.exists() ||
           target.isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

// Beside where it will stand, so that what stands there is always whole: whoever is killed while they make
// it, or makes it at the same moment, leaves nothing half done.
Result<std::shared_ptr<QTemporaryDir>> placeToMakeIt(const QString &directory)
{
    if (!isFree(directory))
        return fail(ErrorCode::AlreadyExists, directory);
    const QString parent = QFileInfo(directory).absolutePath();
    if (!QDir().mkpath(parent))
        return fail(ErrorCode::Io, parent);
    auto place = std::make_shared<QTemporaryDir>(directory + u".XXXXXX"_s);
    if (!place->isValid())
        return fail(ErrorCode::Io, place->errorString());
    return place;
}

Result<QString> moveIntoPlace(QTemporaryDir &made, const QString &directory)
{
    QDir().rmdir(directory); // an empty one
    if (QDir().rename(made.path(), directory))
        made.setAutoRemove(false);
    else if (!QFileInfo::exists(directory + u"/.git"_s)) // else somebody was first with the same
        return fail(ErrorCode::Io, directory);
    return QFileInfo(directory).canonicalFilePath();
}

Result<DemoFiles> writeDemo(const QString &source, const QString &directory)
{
    QStringList files;
    QDirIterator it(source, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext())
        files << it.next().sliced(source.size() + 1);
    if (files.isEmpty())
        return fail(ErrorCode::NotFound, source);
    files.sort();
    QStringList written;
    for (const QString &file : std::as_const(files)) {
        const QString name = targetName(file);
        if (Status copied = copyOut(source + u'/' + file, directory + u'/' + name); !copied)
            return std::unexpected(copied.error());
        written << name;
    }
    return DemoFiles{.root = QFileInfo(directory).canonicalFilePath(), .chapters = chaptersOf(written)};
}

QStringList identityAt(int chapter)
{
    // Fixed, so that the ids are the same on every machine: one commit a day from 2024-01-08, 10:00 UTC.
    const QString date = QString::number(1'704'708'000 + chapter * 86'400) + u" +0000";
    return {u"GIT_AUTHOR_NAME=Ada Example"_s,    u"GIT_AUTHOR_EMAIL=ada@example.org"_s,
            u"GIT_COMMITTER_NAME=Ada Example"_s, u"GIT_COMMITTER_EMAIL=ada@example.org"_s,
            QString(u"GIT_AUTHOR_DATE=" + date), QString(u"GIT_COMMITTER_DATE=" + date)};
}

Async<QByteArray> initRepository(Git git)
{
    GitCommand command;
    command.args = QStringList{u"init"_s,        u"--quiet"_s, u"--initial-branch=main"_s,
                               u"--template="_s, u"--"_s,      git.place.workTree};
    command.cwd = git.place.workTree;
    co_return co_await gitOutput(git, command);
}

Async<QByteArray> commitChapter(Git git, Chapter chapter, int number)
{
    const QStringList add{u"update-index"_s, u"--add"_s, u"-z"_s, u"--stdin"_s};
    GitCommand stage = git.command(add);
    stage.input = QFile::encodeName(chapter.files.join(QChar(u'\0'))) + '\0';
    const auto staged = co_await gitOutput(git, stage);
    if (!staged)
        co_return std::unexpected(staged.error());
    const QStringList args{u"commit"_s, u"--quiet"_s, u"--no-verify"_s, u"-m"_s, chapter.subject};
    GitCommand commit = git.command(args);
    commit.extraEnvironment = identityAt(number);
    co_return co_await gitOutput(git, commit);
}

Async<QString> makeDemo(std::shared_ptr<GitRunner> runner, QString directory, QString source)
{
    const auto place = co_await resultOf(onPool([directory] { return placeToMakeIt(directory); }));
    if (!place)
        co_return std::unexpected(place.error());
    const auto files =
        co_await resultOf(onPool([source, path = (*place)->path()] { return writeDemo(source, path); }));
    if (!files)
        co_return std::unexpected(files.error());
    const QString gitDir = files->root + u"/.git";
    const Git git{.runner = runner,
                  .place = {.gitDir = gitDir, .commonDir = gitDir, .workTree = files->root},
                  .drivers = {}};
    const auto made = co_await initRepository(git);
    if (!made)
        co_return std::unexpected(made.error());
    int number = 0;
    for (const Chapter &chapter : files->chapters) {
        const auto committed = co_await commitChapter(git, chapter, number++);
        if (!committed)
            co_return std::unexpected(committed.error());
    }
    co_return co_await resultOf(
        onPool([made = *place, directory] { return moveIntoPlace(*made, directory); }));
}

} // namespace

QFuture<Result<QString>> createDemoProject(std::shared_ptr<GitRunner> runner, QString directory,
                                           QString source)
{
    return makeDemo(std::move(runner), std::move(directory), std::move(source));
}

} // namespace muster
