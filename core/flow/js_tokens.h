// A tolerant reader of JavaScript expressions: enough to find where one ends, which names it reads and the
// commonest slips, never to run it. Offsets are in the text given. Any thread.
#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace muster {

struct JsToken {
    enum class Kind : std::uint8_t { Name, Number, String, Regex, Template, Punctuation };
    Kind kind = Kind::Punctuation;
    QString text; // of a string: its value without quotes
    qsizetype offset = 0;

    [[nodiscard]] bool is(QStringView punctuation) const
    {
        return kind == Kind::Punctuation && text == punctuation;
    }
};

struct JsFault {
    qsizetype offset = 0;
    QString found;    // the character or token that does not fit; empty: the end
    QString expected; // what would close it, if that is it
};

struct JsScan {
    std::vector<JsToken> tokens; // those of `${…}` within templates too
    qsizetype end = 0;           // where it stopped: at "}}" that closes nothing, or at the end
    bool closed = false;         // it stopped at "}}"
    std::optional<JsFault> fault;
};

// Reads from `from` up to the "}}" that ends an expression of the flow file.
[[nodiscard]] JsScan scanJs(QStringView text, qsizetype from);

// A slip that no expression survives: an operator without operands, two values side by side.
[[nodiscard]] std::optional<JsFault> findSlip(const std::vector<JsToken> &tokens);

} // namespace muster
