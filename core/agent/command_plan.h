// CommandPlan: every program that a command line starts, with what only carries another command taken off:
// env, nohup, timeout, sh -c, eval, … . What a carrier does not say for certain (options that are not known
// here, arguments that come from elsewhere) leaves a doubt or makes what it carries opaque. Pure, any thread.
#pragma once

#include "core/agent/command_words.h"

namespace muster {

enum class CommandRole : std::uint8_t {
    Does,    // something by itself
    Carries, // nothing but the command that begins at carriesFrom
    Hides,   // likewise, but as another user, elsewhere, or with arguments from elsewhere
    Guess,   // a command that may be what a hiding one runs: for denials only
};

struct PlannedCommand {
    SimpleCommand command;
    CommandRole role = CommandRole::Does;
    qsizetype carriesFrom = -1; // index of a word
    int carriedBy = -1;         // index of the carrier in the plan

    [[nodiscard]] QString program() const; // without its folder; empty if there is none or it is not literal
};

struct CommandPlan {
    std::vector<PlannedCommand> commands;
    QString doubt;
};

[[nodiscard]] CommandPlan planOf(const QString &commandLine);

// Takes its command from a file or its input: sh, bash, …
[[nodiscard]] bool isShell(QStringView program);

} // namespace muster
