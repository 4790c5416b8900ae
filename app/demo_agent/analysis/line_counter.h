// Counts the lines of one text (code, comment, blank) and finds the notes left in its comments. Rough by
// design: strings are not parsed, so a comment mark inside one may be taken for a comment. Any thread.
#pragma once

#include "app/demo_agent/analysis/language.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace muster::demo {

// A TODO, FIXME, XXX, HACK or BUG in a comment.
struct Note {
    QString word;
    QString text; // what follows the word, one line
    int line = 0; // from 1
};

// Lower is worse: FIXME and BUG before XXX, HACK and TODO.
[[nodiscard]] int severity(const Note &note);

struct LineCounts {
    int lines = 0;
    int code = 0;
    int comments = 0;
    int blank = 0;
    std::vector<Note> notes;
};

[[nodiscard]] LineCounts countLines(const QByteArray &text, const Language &language);

} // namespace muster::demo
