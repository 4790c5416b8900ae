#include "app/demo_agent/reading/coverage.h"

#include "app/demo_agent/analysis/text.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// Names that every project has say nothing about which file is meant.
bool isCommonStem(const QString &stem)
{
    static const QSet<QString> common{u"index"_s, u"main"_s, u"__init__"_s, u"__main__"_s, u"mod"_s,
                                      u"lib"_s,   u"init"_s, u"test"_s,     u"new"_s,      u"set"_s,
                                      u"get"_s,   u"run"_s,  u"common"_s};
    return stem.size() < 3 || common.contains(stem);
}

bool needsTests(const FileFacts &file)
{
    if (!file.isCode() || file.testFile || file.counts.code < 10)
        return false;
    const QString language = QString::fromLatin1(file.language->name);
    return language != "CMake"_L1 && language != "Make"_L1 && language != "M4"_L1 &&
           language != "Dockerfile"_L1 && !file.path.endsWith(".pod"_L1) && file.name() != "setup.py"_L1 &&
           file.name() != "conftest.py"_L1 && !file.path.endsWith("Makefile.PL"_L1);
}

// "src/pkg/store.py" is spoken of as "store", "lib/Foo/Bar.pm" as "Bar" (or "Foo::Bar").
QString stemOf(const FileFacts &file)
{
    const QString stem = file.name().section(u'.', 0, 0);
    return isCommonStem(stem) ? file.folder().section(u'/', -1) : stem;
}

} // namespace

TestIndex::TestIndex(const Repository &repository)
    : m_repository(repository)
{
    constexpr std::size_t maxTests = 2000;
    for (const FileFacts &file : repository.files) {
        if (file.testFile && !file.foreign && m_tests.size() < maxTests)
            m_tests.push_back({&file, textOf(repository, file.path)});
    }
}

bool TestIndex::speaksOf(const Test &test, const FileFacts &file) const
{
    const QString stem = stemOf(file);
    if (stem.size() < 3)
        return false;
    if (test.file->name().contains(stem, Qt::CaseInsensitive))
        return true;
    if (file.language->family == Family::Perl && file.path.endsWith(".pm"_L1) && file.path.contains(u'/')) {
        // A last name such as "Base" is shared; with the one before it, it is meant.
        const QString last = file.folder().section(u'/', -1) + u"::"_s + stem;
        return test.text.contains(last.toUtf8());
    }
    return indexOfWord(test.text, stem.toUtf8()) >= 0;
}

QStringList TestIndex::testsOf(const FileFacts &file, int limit) const
{
    QStringList found;
    for (const Test &test : m_tests) {
        if (test.file != &file && speaksOf(test, file))
            found.append(test.file->path);
        if (found.size() == limit)
            break;
    }
    return found;
}

QStringList TestIndex::testsOf(const Module &module, int limit) const
{
    const auto files = filesOf(m_repository, module);
    const QString segment = u'/' + module.name + u'/';
    QStringList named; // a test that is named after a file of the module says more than one that mentions it
    QStringList others;
    for (const Test &test : m_tests) {
        const bool inside = std::ranges::contains(files, test.file);
        const bool sameFolder = module.path != "."_L1 && QString(u'/' + test.file->path).contains(segment);
        bool isNamed = false;
        bool speaks = inside || sameFolder;
        for (const FileFacts *file : files) {
            if (isNamed || !file->isCode() || file->testFile || file->counts.code < 3)
                continue;
            const QString stem = stemOf(*file);
            isNamed = stem.size() >= 3 && test.file->name().contains(stem, Qt::CaseInsensitive);
            speaks = speaks || isNamed || speaksOf(test, *file);
        }
        if (speaks)
            (isNamed ? named : others).append(test.file->path);
        if (named.size() + others.size() >= limit)
            break;
    }
    return named + others;
}

std::vector<const FileFacts *> TestIndex::untested() const
{
    std::vector<const FileFacts *> found;
    for (const FileFacts &file : m_repository.files) {
        if (needsTests(file) && file.tests == 0 && testsOf(file, 1).isEmpty())
            found.push_back(&file);
    }
    std::ranges::stable_sort(found, std::ranges::greater(),
                             [](const FileFacts *f) { return f->counts.code; });
    return found;
}

std::vector<Module> TestIndex::untestedModules(const ModuleList &list) const
{
    std::vector<Module> found;
    for (const Module &module : list.modules) {
        if (!isTestModule(module) && module.codeLines >= 10 && module.tests == 0 &&
            testsOf(module, 1).isEmpty())
            found.push_back(module);
    }
    return found;
}

} // namespace muster::demo
