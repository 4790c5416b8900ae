#include "core/process/guard_client.h"

#include "core/process/environment_filter.h"
#include "core/process/guard_layout.h"
#include "core/process/guard_watch.h"
#include "core/process/pipe_process.h"
#include "core/process/proc_table.h"
#include "core/process/spawned_child.h"
#include "core/process/worker_job.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QPointer>
#include <QThread>

#include <csignal>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 leftoversWithinMs = 2000;
constexpr unsigned long killPollMs = 10;

QString folderOf(const QString &folder, const QString &key)
{
    return folder + u'/' + QString::fromStdString(guard::keyFolder(key.toStdString()));
}

QStringList argumentsFor(const GuardSpec &spec, const QString &folder)
{
    return QStringList{u"--dir"_s,
                       folder,
                       u"--key"_s,
                       spec.key,
                       u"--cwd"_s,
                       spec.cwd,
                       u"--timeout-ms"_s,
                       QString::number(spec.timeoutMs),
                       u"--grace-ms"_s,
                       QString::number(spec.graceMs),
                       u"--output-cap"_s,
                       QString::number(spec.outputCapBytes),
                       u"--"_s} +
           spec.command;
}

// What a killed guard could not end any more. True if nothing of it is left. On a worker.
bool endMarked(const QString &key)
{
    const std::string marker = std::string(guardMarkerVariable) + '=' + key.toStdString();
    QElapsedTimer elapsed;
    elapsed.start();
    while (true) {
        bool found = false;
        const ProcessTable table = ProcessTable::read();
        for (const auto &[pid, entry] : table.entries) {
            if (!entry.isDead() && holdsVariable(pid, marker)) {
                found = true;
                signalExactly(pid, entry.startTicks, SIGKILL);
            }
        }
        if (!found || elapsed.hasExpired(leftoversWithinMs))
            return !found;
        QThread::msleep(killPollMs);
    }
}

} // namespace

GuardClient::GuardClient(QString program, QString folder, QObject *parent)
    : QObject(parent)
    , m_program(std::move(program))
    , m_folder(std::move(folder))
{
    QDir().mkpath(m_folder);
    QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

GuardClient::~GuardClient() = default;

Status GuardClient::start(const GuardSpec &spec)
{
    if (spec.key.isEmpty() || spec.key.toUtf8().size() > 1024 || spec.command.isEmpty())
        return fail(ErrorCode::InvalidArgument, spec.key, u"key"_s);
    if (!std::holds_alternative<GuardUnknown>(find(spec.key)) || m_watches.contains(spec.key))
        return fail(ErrorCode::AlreadyExists, spec.key);
    // Followed from now on, so that the key cannot be begun a second time while it is being started.
    auto *watch = follow(spec.key, 0);
    auto *starter = new PipeProcess(this);
    connect(starter, &PipeProcess::failedToStart, this, [this, starter, key = spec.key](const Error &) {
        starter->deleteLater();
        endWatch(key);
        emit finished(key, {.end = GuardEnd::LaunchFailed});
    });
    connect(starter, &PipeProcess::exited, this,
            [this, starter, watch = QPointer(watch), key = spec.key](const ExitInfo &info) {
        starter->deleteLater();
        if (watch && (info.code == guard::exitOk || info.code == guard::exitBusy)) {
            watch->begin();
            return;
        }
        endWatch(key);
        emit finished(key, {.end = GuardEnd::LaunchFailed, .code = info.code});
    });
    LaunchSpec launch{.program = m_program,
                      .args = argumentsFor(spec, m_folder),
                      .workingDir = u"/"_s,
                      .env = spec.env,
                      .stdinMode = StdinMode::Null};
    setEnvironmentValue(launch.env, QLatin1StringView(guardMarkerVariable), spec.key);
    starter->start(launch, {.kind = ChildKind::Guard, .diesWithParent = false});
    return {};
}

GuardState GuardClient::find(const QString &key) const
{
    const QString folder = folderOf(m_folder, key);
    QFile name(folder + u'/' + QLatin1StringView(guard::keyFile));
    if (!name.open(QIODevice::ReadOnly) || QString::fromUtf8(name.readAll()) != key)
        return GuardUnknown{};
    if (const auto result = readGuardResult(folder))
        return GuardFinished{*result};
    const auto pid = readGuardPid(folder);
    if (!pid)
        return GuardUnknown{}; // its folder was made and nothing was begun
    if (isAlive(*pid))
        return GuardRunning{*pid};
    // It may have written its result between the two looks.
    if (const auto result = readGuardResult(folder))
        return GuardFinished{*result};
    return GuardLost{};
}

GuardWatch *GuardClient::follow(const QString &key, qint64 outputOffset)
{
    auto *watch = new GuardWatch(key, folderOf(m_folder, key), outputOffset, this);
    m_watches.insert(key, watch);
    connect(watch, &GuardWatch::output, this,
            [this, key](const QByteArray &bytes) { emit outputBytes(key, bytes); });
    connect(watch, &GuardWatch::ended, this, [this, key] {
        endWatch(key);
        const GuardState state = find(key);
        if (const auto *done = std::get_if<GuardFinished>(&state))
            emit finished(key, done->result);
        else
            endLost(key);
    });
    return watch;
}

void GuardClient::endLost(const QString &key)
{
    onWorker([key] { return endMarked(key); }).then(this, [this, key](bool) { emit lost(key); });
}

void GuardClient::endWatch(const QString &key)
{
    if (GuardWatch *watch = m_watches.take(key))
        watch->deleteLater();
}

Status GuardClient::watch(const QString &key, qint64 outputOffset)
{
    if (m_watches.contains(key))
        return {};
    if (std::holds_alternative<GuardUnknown>(find(key)))
        return fail(ErrorCode::NotFound, key);
    follow(key, outputOffset)->begin();
    return {};
}

Status GuardClient::stop(const QString &key)
{
    const GuardState state = find(key);
    if (GuardWatch *starting = m_watches.value(key);
        starting && std::holds_alternative<GuardUnknown>(state)) {
        starting->stop();
        return {};
    }
    const auto *running = std::get_if<GuardRunning>(&state);
    if (!running || !signalProcess(running->guard, SIGTERM))
        return fail(ErrorCode::NotFound, key);
    return {};
}

Result<QByteArray> GuardClient::output(const QString &key, qint64 maxBytes) const
{
    QFile file(folderOf(m_folder, key) + u'/' + QLatin1StringView(guard::outputFile));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, file.errorString(), key);
    if (file.size() <= maxBytes)
        return file.readAll();
    const QByteArray head = file.read(maxBytes / 2);
    file.seek(file.size() - maxBytes / 2);
    return QByteArray(head + "\n[muster: " + QByteArray::number(file.size() - maxBytes) + " bytes cut]\n" +
                      file.readAll());
}

Status GuardClient::remove(const QString &key)
{
    if (std::holds_alternative<GuardRunning>(find(key)))
        return fail(ErrorCode::Conflict, key);
    endWatch(key);
    if (!QDir(folderOf(m_folder, key)).removeRecursively())
        return fail(ErrorCode::Io, key);
    return {};
}

} // namespace muster
