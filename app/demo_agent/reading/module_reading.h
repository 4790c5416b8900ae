// Reads one part of a repository and puts down what a person would want to know of it; then as so many
// lines as were asked for. Any thread.
#pragma once

#include "app/demo_agent/reading/coverage.h"
#include "app/demo_agent/reading/purpose.h"
#include "app/demo_agent/symbols/symbols.h"

namespace muster::demo {

struct NamedSymbol {
    Symbol symbol;
    QString path;
    int mentions = 0;
};

struct NotedFile {
    const FileFacts *file = nullptr;
    QString purpose;
};

struct PlacedNote {
    QString path;
    Note note;
};

struct ModuleReading {
    Module module;
    Purpose purpose;
    std::vector<NotedFile> mainFiles;
    std::vector<NamedSymbol> names; // the public ones, most spoken of first
    int publicNames = 0;
    int nameFiles = 0; // source files that are no tests (all, in a folder of tests)
    int namesFrom = 0; // of them, those whose names were read
    QStringList tests;
    std::vector<PlacedNote> notes;
    QString longestFile;
    int longestLines = 0;
    QStringList notRead; // "2 binary files", …
    int codeFiles = 0;
};

[[nodiscard]] ModuleReading readModule(const Repository &repository, const Module &module,
                                       const TestIndex &tests, const StopCheck &stop = {});

// The notes in the comments of the files, worst first.
[[nodiscard]] std::vector<PlacedNote> notesOf(const std::vector<const FileFacts *> &files);

// `lines` lines of Markdown without blank ones; the first begins with the module's path.
[[nodiscard]] QStringList summaryLines(const ModuleReading &reading, int lines);

} // namespace muster::demo
