#include "app/cli/cli.h"

#include "core/node/api/wire.h"
#include "core/viewmodel/describe.h"
#include "core/workspace/project.h"

#include <QDateTime>
#include <QDir>
#include <QJsonDocument>

#include <cerrno>
#include <cstdio>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

// Why what was printed did not arrive: an error number, 0 for none. Kept, so that success is not claimed.
int outputError = 0;

void writeLine(FILE *stream, const QByteArray &line)
{
    errno = 0;
    const bool written = std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stream) ==
                             static_cast<size_t>(line.size()) &&
                         std::fputc('\n', stream) != EOF && std::fflush(stream) == 0;
    // A reader that left (… | head) has what it wanted.
    if (!written && stream == stdout && errno != EPIPE)
        outputError = errno;
}

// Names and texts of files, agents and commands may hold anything, a terminal obeys some of it.
QString harmless(QString text)
{
    for (QChar &c : text) {
        if (c.category() == QChar::Other_Control && c != u'\n' && c != u'\t')
            c = QChar::ReplacementCharacter;
    }
    return text;
}

void printError(const Error &error, const QString &text)
{
    QJsonObject json = api::errorToJson(error);
    json.insert(u"text"_s, text);
    Cli::printJson(QJsonObject{{u"error"_s, json}});
}

// Which exit code goes with an error: the work was refused or failed, or nothing could run here at all.
int codeFor(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Conflict:
    case ErrorCode::Cancelled:
        return ExitFailed;
    case ErrorCode::InvalidArgument:
        return ExitUsage;
    default:
        return ExitCannotRun;
    }
}

} // namespace

Cli::Cli(api::NodeApi &nodeApi, Options given, std::function<void(int)> finished)
    : m_node(nodeApi)
    , m_options(std::move(given))
    , m_finished(std::move(finished))
{
}

void Cli::start()
{
    struct Starter {
        Cli &cli;
        void operator()(const WindowOptions &) { cli.finish(ExitUsage); }
        void operator()(const RunOptions &o) { startRunCommand(cli, o); }
        void operator()(const RerunOptions &o) { startRerunCommand(cli, o); }
        void operator()(const RunsOptions &o) { startRunsCommand(cli, o); }
        void operator()(const TasksOptions &o) { startTasksCommand(cli, o); }
        void operator()(const PoolsOptions &o) { startPoolsCommand(cli, o); }
        void operator()(const StatusOptions &) { startStatusCommand(cli); }
        void operator()(const InboxOptions &o) { startInboxCommand(cli, o); }
        void operator()(const WorktreesOptions &o) { startWorktreesCommand(cli, o); }
        void operator()(const FlowOptions &o) { startFlowCommand(cli, o); }
        void operator()(const SkillsOptions &o) { startSkillsCommand(cli, o); }
        void operator()(const TrustOptions &o) { startTrustCommand(cli, o); }
        void operator()(const ConfigOptions &o) { startConfigCommand(cli, o); }
        void operator()(const DoctorOptions &o) { startDoctorCommand(cli, o); }
        void operator()(const WhenOptions &) {} // needs no node: main() answers it
        void operator()(const SchedulesOptions &o) { startSchedulesCommand(cli, o); }
        void operator()(const RuntimesOptions &o) { startRuntimesCommand(cli, o); }
        void operator()(const PermissionsOptions &o) { startPermissionsCommand(cli, o); }
        void operator()(const SecretsOptions &o) { startSecretsCommand(cli, o); }
        void operator()(const AccountsOptions &o) { startAccountsCommand(cli, o); }
        void operator()(const DecodeOptions &) {} // needs no node: main() answers it
        void operator()(const McpOptions &) { startMcpCommand(cli); }
        void operator()(const ServeOptions &o) { startStopCommand(cli, o); }
    };
    if (!m_options.project.isEmpty()) {
        if (const Status there = requireFolder(project()); !there) {
            fail(there.error());
            return;
        }
    }
    tellNotes();
    std::visit(Starter{*this}, m_options.command);
}

// What happened to the person's data is said by every command until the node's next start.
void Cli::tellNotes()
{
    m_node.query(api::GetStatus{}, this, [](const Result<api::NodeStatus> &status) {
        if (!status)
            return; // the command's own question fails too
        for (const QString &note : status->notes) {
            if (note.startsWith("store_"_L1))
                say(tr("Note: %1").arg(describeNote(note)));
        }
        if (!status->pausedReason.isEmpty())
            say(tr("Work is paused: %1").arg(describePause(status->pausedReason)));
    });
}

void Cli::interrupt()
{
    if (std::exchange(m_interrupted, true) || !onInterrupt)
        finish(ExitFailed);
    else
        onInterrupt();
}

QString Cli::took(qint64 fromMs, qint64 toMs)
{
    if (fromMs <= 0)
        return {};
    return describeDuration((toMs > 0 ? toMs : QDateTime::currentMSecsSinceEpoch()) - fromMs);
}

QString Cli::project() const
{
    return QDir(m_options.project.isEmpty() ? QDir::currentPath() : m_options.project).absolutePath();
}

void Cli::finish(int code)
{
    if (outputError != 0) {
        say(tr("muster: the output could not be written: %1").arg(qt_error_string(outputError)));
        if (code == ExitSuccess)
            code = ExitCannotRun;
    }
    m_finished(code);
}

int Cli::tell(const Error &error) const
{
    const QString text = describe(error);
    say(tr("muster: %1").arg(text));
    if (m_options.json)
        printError(error, text);
    return codeFor(error);
}

void Cli::refuseArguments(const Error &error, bool json)
{
    say(error.detail);
    if (json)
        printError(error, error.detail);
}

void Cli::print(const QString &text) { writeLine(stdout, harmless(text).toUtf8()); }

void Cli::printJson(const QJsonValue &value)
{
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    writeLine(stdout, document.toJson(QJsonDocument::Compact));
}

void Cli::say(const QString &text) { writeLine(stderr, harmless(text).toUtf8()); }

void Cli::printTable(const QStringList &header, const QList<QStringList> &rows)
{
    QList<qsizetype> widths;
    for (const QString &title : header)
        widths += title.size();
    for (const QStringList &row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths.at(i), row.at(i).size());
    }
    const auto line = [&](const QStringList &cells) {
        QString text;
        for (qsizetype i = 0; i < cells.size(); ++i)
            text += i + 1 == cells.size() ? cells.at(i) : cells.at(i).leftJustified(widths.at(i) + 2);
        print(text);
    };
    line(header);
    for (const QStringList &row : rows)
        line(row);
}

} // namespace muster::app
