// What the commands of the command line share: the node, how to print, how to end. Each command is a function
// that returns at once and calls finish() with the exit code (docs/cli.md) when it is done. Main thread.
#pragma once

#include "app/command_line.h"
#include "core/node/api/node_api.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QObject>

#include <functional>

namespace muster::app {

enum ExitCode { ExitSuccess = 0, ExitFailed = 1, ExitUsage = 2, ExitCannotRun = 3 };

class Cli : public QObject {
    Q_OBJECT
public:
    Cli(api::NodeApi &nodeApi, Options given, std::function<void(int)> finished);

    void start();
    // Ctrl-C: gives a running command the chance to cancel what it started; a second one ends at once.
    void interrupt();

    [[nodiscard]] api::NodeApi &node() { return m_node; }
    [[nodiscard]] const Options &options() const { return m_options; }
    [[nodiscard]] QString project() const;

    void finish(int code);
    // To stderr (and as one object with --json), with what it means and what to do; the exit code that it
    // means.
    [[nodiscard]] int tell(const Error &error) const;
    void fail(const Error &error) { finish(tell(error)); }

    // Wrong arguments, before there is a node: the sentence is the error's detail.
    static void refuseArguments(const Error &error, bool json);
    static void print(const QString &text);         // a line on stdout
    static void printJson(const QJsonValue &value); // one line of JSON on stdout
    static void say(const QString &text);           // a line on stderr
    // From a moment to another, or until now if that is 0. Empty: it has not begun.
    [[nodiscard]] static QString took(qint64 fromMs, qint64 toMs);
    static void printTable(const QStringList &header, const QList<QStringList> &rows);

    std::function<void()> onInterrupt;

private:
    void tellNotes();

    api::NodeApi &m_node;
    Options m_options;
    std::function<void(int)> m_finished;
    bool m_interrupted = false;
};

void startRunCommand(Cli &cli, const RunOptions &options);
void startRerunCommand(Cli &cli, const RerunOptions &options);
void startRunsCommand(Cli &cli, const RunsOptions &options);
void startTasksCommand(Cli &cli, const TasksOptions &options);
void startPoolsCommand(Cli &cli, const PoolsOptions &options);
void startStatusCommand(Cli &cli);
void startInboxCommand(Cli &cli, const InboxOptions &options);
void startWorktreesCommand(Cli &cli, const WorktreesOptions &options);
void startFlowCommand(Cli &cli, const FlowOptions &options);
void startSkillsCommand(Cli &cli, const SkillsOptions &options);
// Of a file in a list: whether it can be used, and of whom it takes the place.
[[nodiscard]] QString noteOf(const QStringList &hides, bool trusted, bool usable);
void startTrustCommand(Cli &cli, const TrustOptions &options);
void startConfigCommand(Cli &cli, const ConfigOptions &options);
void startDoctorCommand(Cli &cli, const DoctorOptions &options);
void startSchedulesCommand(Cli &cli, const SchedulesOptions &options);
void startRuntimesCommand(Cli &cli, const RuntimesOptions &options);
void startPermissionsCommand(Cli &cli, const PermissionsOptions &options);
void startSecretsCommand(Cli &cli, const SecretsOptions &options);
void startAccountsCommand(Cli &cli, const AccountsOptions &options);
// The value of a key, from stdin or asked for without being shown; masked from then on.
void readKey(Cli &cli, const QString &name, std::function<void(const QString &)> done);
void startMcpCommand(Cli &cli);
void startStopCommand(Cli &cli, const ServeOptions &options);

} // namespace muster::app
