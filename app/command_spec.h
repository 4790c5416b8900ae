// What the parts of the command line's parser share: one command's words and options, and how it is declared.
// Only app/command_line.cpp and app/*_arguments.cpp include it. Pure; any thread.
#pragma once

#include "app/command_line.h"

#include <QCommandLineParser>

namespace muster::app {

// `words` excludes the command's own name.
struct Parsed {
    QCommandLineParser parser;
    QStringList words;

    [[nodiscard]] bool has(const QString &option) const { return parser.isSet(option); }
    [[nodiscard]] QString value(const QString &option) const { return parser.value(option); }
};

// The person's language; texts are marked with QT_TRANSLATE_NOOP("CommandLine", …) where they stand in a
// table.
[[nodiscard]] QString commandLineText(const char *text);
[[nodiscard]] std::unexpected<Error> wrongArguments(const QString &text);

template <typename Id> [[nodiscard]] Result<Id> idFrom(const QString &text)
{
    bool ok = false;
    const qint64 value = text.toLongLong(&ok);
    if (!ok || value <= 0)
        return wrongArguments(
            commandLineText("'%1' is not an id. Ids are positive numbers, as the list shows them.")
                .arg(text));
    return Id{value};
}

void declareFlag(QCommandLineParser &parser, const QString &name, const char *help);
void declareValue(QCommandLineParser &parser, const QString &name, const char *help, const QString &what);

void declareSchedules(QCommandLineParser &parser);
[[nodiscard]] Result<CommandOptions> buildSchedules(const Parsed &parsed);

void declareRerun(QCommandLineParser &parser);
[[nodiscard]] Result<CommandOptions> buildRerun(const Parsed &parsed);

void declareTasks(QCommandLineParser &parser);
[[nodiscard]] Result<CommandOptions> buildTasks(const Parsed &parsed);
void declarePools(QCommandLineParser &parser);
[[nodiscard]] Result<CommandOptions> buildPools(const Parsed &parsed);

[[nodiscard]] Result<CommandOptions> buildSkills(const Parsed &parsed);
void declareRuntimes(QCommandLineParser &parser);
[[nodiscard]] Result<CommandOptions> buildRuntimes(const Parsed &parsed);
[[nodiscard]] Result<CommandOptions> buildPermissions(const Parsed &parsed);
[[nodiscard]] Result<CommandOptions> buildSecrets(const Parsed &parsed);
void declareAccounts(QCommandLineParser &parser);
[[nodiscard]] Result<CommandOptions> buildAccounts(const Parsed &parsed);
void declareDebug(QCommandLineParser &parser);
[[nodiscard]] Result<CommandOptions> buildDebug(const Parsed &parsed);

} // namespace muster::app
