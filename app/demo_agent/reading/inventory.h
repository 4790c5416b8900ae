// What a repository holds, in numbers and names: as JSON for steps that compute with it (the fields are
// listed in app/demo_agent/README.md), as Markdown for people. Any thread.
#pragma once

#include "app/demo_agent/analysis/project.h"
#include "app/demo_agent/reading/modules.h"

#include <QJsonObject>

namespace muster::demo {

struct LanguageTotal {
    const Language *language = nullptr;
    int files = 0;
    int lines = 0;
    int code = 0;
    int comments = 0;
    qint64 bytes = 0;
};

struct Inventory {
    Project project;
    std::vector<LanguageTotal> languages; // program text by lines of code, then markup, data, prose
    ModuleList modules;
    std::vector<QString> purposes; // of modules, same order
    int files = 0;                 // own files
    int lines = 0;
    qint64 bytes = 0;
    int tests = 0;
    int testFiles = 0;
    int todos = 0;
    int foreignFiles = 0; // third-party, generated, lock files
    int binaryFiles = 0;
    int largeFiles = 0;   // above maxReadBytes, not read
    int unknownFiles = 0; // text in no language of the table
    int unreadableFiles = 0;
    int links = 0;
    int nested = 0;
    int oddNames = 0;
};

[[nodiscard]] Inventory takeInventory(const Repository &repository);
[[nodiscard]] QString mainLanguage(const Inventory &inventory);
[[nodiscard]] QJsonObject toJson(const Inventory &inventory);
[[nodiscard]] QString describe(const Inventory &inventory, const Repository &repository);

// Pieces that a survey shows too.
[[nodiscard]] QString languageTable(const Inventory &inventory);
[[nodiscard]] QString buildText(const Inventory &inventory);
[[nodiscard]] QString sizeSentence(const Inventory &inventory);
[[nodiscard]] QString testSentence(const Inventory &inventory);
[[nodiscard]] QString gapSentence(const Inventory &inventory); // what was not counted; empty if nothing

} // namespace muster::demo
