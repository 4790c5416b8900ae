// Cuts a repository into three to eight parts that one reader can take each: its top folders, with a
// large one taken apart and a lone one opened; in a flat folder the largest files. Any thread.
#pragma once

#include "app/demo_agent/analysis/repository.h"

namespace muster::demo {

struct Module {
    QString name;
    QString path;              // relative; "." is the top
    bool ownFilesOnly = false; // parts of its subfolders are modules of their own
    int files = 0;             // all own files: code, data, documents
    int lines = 0;             // of all its text
    int codeLines = 0;
    int tests = 0;
    QString language; // the one with the most lines of code
};

constexpr int maxModules = 8;

struct ModuleList {
    std::vector<Module> modules; // code first by size, then folders of tests
    int leftOut = 0;             // parts beyond maxModules
};

[[nodiscard]] ModuleList findModules(const Repository &repository);

// A module for any path of the repository, as findModules would have made it; files and folders.
[[nodiscard]] Module moduleAt(const Repository &repository, const QString &path);
// The files that belong to it.
[[nodiscard]] std::vector<const FileFacts *> filesOf(const Repository &repository, const Module &module);
[[nodiscard]] bool isTestModule(const Module &module);

} // namespace muster::demo
