// PaseoScreen: what `paseo attach` prints, as events of one turn. It prints for people: an agent's text as it
// comes, and between it lines of its own that begin with a mark:
//
//   [User] TEXT            what the agent was asked; TEXT may go on over further lines
//   [Reasoning] TEXT       a piece of reasoning
//   [Tool: NAME] STATUS    running, completed, failed, canceled; no id, no input, no output
//   [Todo] N/M completed   [Permission Required] NAME (with lines that begin with two spaces)
//   [Permission VERDICT]   [Attention Required: WHY]
//
// All that was ever said comes first, without a border to what is new, so a turn is found by its prompt. What
// looks like a mark and is none stays text. Pure, one thread; bytes may be split anywhere.
// Source: getpaseo/paseo, packages/cli/src/commands/agent/attach.ts (read, never run).
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>
#include <variant>

namespace muster {

struct PaseoText {
    QString text; // the next piece of it
};

struct PaseoThought {
    QString text;
};

struct PaseoTool {
    QString name;
    QString status; // one of the hub's words, which may be new ones
};

// Another line with a mark, as it came.
struct PaseoNotice {
    QString text;
};

using PaseoEvent = std::variant<PaseoText, PaseoThought, PaseoTool, PaseoNotice>;

class PaseoScreen {
public:
    static constexpr qsizetype maxMark = 64LL * 1024; // characters of a line with a mark; the rest is dropped
    using Sink = std::function<void(const PaseoEvent &)>;

    // `earlier`: how often the same was asked before.
    PaseoScreen(const QString &prompt, int earlier, Sink sink);

    void feed(QByteArrayView bytes);
    void end(); // nothing more comes: what was held back is text

    // The prompt was seen; before that nothing is told.
    [[nodiscard]] bool isInTurn() const { return m_inTurn; }

private:
    void takeText(const QString &text);
    void takePiece(QStringView piece);
    void endLine();
    void takeLine(const QString &line);
    [[nodiscard]] bool takeMark(const QString &line);
    [[nodiscard]] bool mayBeMark() const;
    void personSaid(const QString &text);
    void plain(QStringView text);
    void tell(const PaseoEvent &event);

    QStringList m_prompt; // its lines
    int m_earlier;
    Sink m_sink;
    QByteArray m_bytes;     // of a character that is not complete
    QString m_line;         // of which it is not known yet what it is
    bool m_isText = false;  // the line is text, and already told as far as it came
    bool m_hasText = false; // since the last mark
    qsizetype m_newlines = 0;
    QStringList m_expected; // lines of the prompt that follow its first
    bool m_inPermission = false;
    bool m_inTurn = false;
    int m_seen = 0;
};

} // namespace muster
