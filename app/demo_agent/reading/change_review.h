// Reads a unified diff, as git writes it, and finds what can be counted in it: from the side of correctness
// marks of a conflict and notes that something is not done, from that of tests changed code that no changed
// test speaks of, from that of style blanks at the ends of lines, tabs among spaces and long lines. It judges
// nothing else. Any thread.
#pragma once

#include "app/demo_agent/analysis/repository.h"

#include <QJsonArray>
#include <QJsonObject>

#include <cstdint>
#include <vector>

namespace muster::demo {

struct AddedLine {
    int line = 0; // in the new file, from 1
    QString text;
};

struct ChangedFile {
    QString path; // the new one; the old one of a file that was deleted
    bool deleted = false;
    bool binary = false;
    int removed = 0;
    std::vector<AddedLine> added;
};

// The text may hold other things before the diff; empty if there is no diff in it.
[[nodiscard]] std::vector<ChangedFile> readDiff(const QString &text);

enum class ReviewSide : std::uint8_t { Correctness, Tests, Style };

// {summary, findings[]: {path, line, severity, text}}; severity is "must", "should" or "may".
[[nodiscard]] QJsonObject reviewChange(const std::vector<ChangedFile> &files, ReviewSide side);

// Each with `confirmed` and `why`: whether its place is in the repository, and what stands there.
[[nodiscard]] QJsonArray confirmFindings(const Repository &repository, const QJsonArray &findings);

} // namespace muster::demo
