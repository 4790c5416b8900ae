// Words that give a program the power to run another one, or to write where its name does not tell: a rule
// with a wildcard covers such a word only if it says it itself. By table, so it errs on both sides; a program
// that is not in it is covered as the rule says. Pure, any thread.
#pragma once

#include "core/agent/command_words.h"

namespace muster {

// The index of the last such word; -1: none. neverCovered: no pattern will do (a shell that reads its input).
inline constexpr qsizetype neverCovered = 1 << 20;
[[nodiscard]] qsizetype lastRiskyWord(const SimpleCommand &command);

// Changes the shell that goes on, so that what follows is not what it says: alias, source, trap, …
[[nodiscard]] bool changesShell(const SimpleCommand &command);
// Has no effect but on what follows in the line, and is looked at for that: cd. Or none at all: true.
[[nodiscard]] bool isHarmless(const SimpleCommand &command);
// Prints its arguments and does nothing else with them.
[[nodiscard]] bool onlyPrints(const SimpleCommand &command);
// NAME=value that changes language, colour and the like.
[[nodiscard]] bool isHarmlessAssignment(const ShellWord &assignment);

} // namespace muster
