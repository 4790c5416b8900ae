// What the programs that only carry another command look like: their options, and where the other command
// begins. Pure, any thread.
#pragma once

#include "core/agent/command_words.h"

#include <QStringList>

namespace muster {

struct Carrier {
    enum class Kind : std::uint8_t {
        None,
        Plain,  // the rest of its words is the command
        Opaque, // likewise, but not for certain, or with more than its words say
        Text,   // one word, or the rest joined, is a command line
    };
    Kind kind = Kind::None;
    qsizetype at = -1;   // where the other command begins
    qsizetype count = 1; // words of a text
    QString doubt;
};

[[nodiscard]] Carrier carrierOf(const SimpleCommand &command);

[[nodiscard]] QString programOf(const SimpleCommand &command);

} // namespace muster
