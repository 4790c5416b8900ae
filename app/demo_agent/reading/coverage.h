// Which tests speak of which source files, by name: a test covers a file if the test's own name contains
// the file's stem or its text holds the stem as a whole word; which folder it lies in counts too. It says
// nothing of how well. Any thread.
#pragma once

#include "app/demo_agent/reading/modules.h"

namespace muster::demo {

class TestIndex {
public:
    explicit TestIndex(const Repository &repository);

    [[nodiscard]] bool hasTests() const { return !m_tests.empty(); }
    // Paths of the test files that speak of the file, at most `limit`.
    [[nodiscard]] QStringList testsOf(const FileFacts &file, int limit = 3) const;
    [[nodiscard]] QStringList testsOf(const Module &module, int limit = 20) const;
    // Own source files that no test speaks of, largest first.
    [[nodiscard]] std::vector<const FileFacts *> untested() const;
    // Modules of code that no test speaks of.
    [[nodiscard]] std::vector<Module> untestedModules(const ModuleList &list) const;

private:
    struct Test {
        const FileFacts *file;
        QByteArray text;
    };
    [[nodiscard]] bool speaksOf(const Test &test, const FileFacts &file) const;

    const Repository &m_repository;
    std::vector<Test> m_tests;
};

} // namespace muster::demo
