#include "app/demo_agent/reading/purpose.h"

#include "app/demo_agent/analysis/project.h"
#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/symbols.h"

#include <QRegularExpression>

#include <algorithm>
#include <ranges>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

const FileFacts *readmeIn(const Repository &repository, const QString &folder)
{
    const QString prefix = folder.isEmpty() ? QString() : QString(folder + u'/');
    for (const QString &name :
         {u"README.md"_s, u"README.rst"_s, u"README.txt"_s, u"README"_s, u"readme.md"_s}) {
        if (const FileFacts *found = repository.file(prefix + name))
            return found;
    }
    return nullptr;
}

QString parentOf(const QString &folder)
{
    return folder.contains(u'/') ? folder.section(u'/', 0, -2) : QString();
}

// A code map: "| store | keeps events |" or "- `store/`: keeps events" in the README of a folder above.
QString lineOnMap(const QString &readme, const QString &path, const QString &name)
{
    const QRegularExpression entry(uR"(^\s*(?:\||[-*+])\s*[`*\[]*\.?/?(?:)"_s +
                                       QRegularExpression::escape(path) + u'|' +
                                       QRegularExpression::escape(name) +
                                       uR"()/?[`*\]]*(?:\([^)]*\))?\s*(?:\||:|—|–| - )\s*(.+?)\s*\|?\s*$)"_s,
                                   QRegularExpression::MultilineOption);
    const auto match = entry.match(readme);
    return match.hasMatch() ? shortened(withoutMarkup(match.captured(1).section(u" | "_s, 0, 0)), 200)
                            : QString();
}

Purpose fromMaps(const Repository &repository, const Module &module)
{
    for (QString folder = module.path; !folder.isEmpty();) {
        const QString parent = parentOf(folder);
        const FileFacts *readme = readmeIn(repository, parent);
        const QString relative = parent.isEmpty() ? module.path : module.path.sliced(parent.size() + 1);
        if (readme != nullptr) {
            const QString text = QString::fromUtf8(textOf(repository, readme->path));
            if (const QString line = lineOnMap(text, module.path, relative); !line.isEmpty())
                return {.text = line, .source = readme->path};
        }
        folder = parent;
    }
    return {};
}

// The file that speaks for its folder, in the custom of each language.
QStringList speakersFor(const Module &module)
{
    const QString name = module.name;
    QStringList speakers;
    for (const QString &file : {u"__init__.py"_s, u"mod.rs"_s, u"lib.rs"_s, u"src/lib.rs"_s, u"main.rs"_s,
                                u"src/main.rs"_s, u"doc.go"_s, u"index.js"_s, u"index.ts"_s,
                                u"lib/index.js"_s, u"index.mjs"_s, u"package-info.java"_s, u"__main__.py"_s})
        speakers.append(module.path + u'/' + file);
    for (const QString &extension :
         {u".h"_s, u".hpp"_s, u".go"_s, u".py"_s, u".js"_s, u".ts"_s, u".rb"_s, u".pm"_s, u".c"_s, u".cpp"_s})
        speakers.append(module.path + u'/' + name + extension);
    for (const QString &extension : {u".pm"_s, u".pod"_s, u".rs"_s, u".rb"_s, u".h"_s})
        speakers.append(module.path + extension);
    return speakers;
}

Purpose fromSpeakers(const Repository &repository, const Module &module)
{
    const QStringList speakers = speakersFor(module);
    for (const QString &path : speakers) {
        const FileFacts *file = repository.file(path);
        if (file == nullptr)
            continue;
        if (const QString said = purposeOfFile(repository, *file); !said.isEmpty())
            return {.text = said, .source = path};
    }
    return {};
}

Purpose fromReadme(const Repository &repository, const Module &module)
{
    const FileFacts *readme = readmeIn(repository, module.path);
    if (readme == nullptr)
        return {};
    const QString text = readmePurpose(QString::fromUtf8(textOf(repository, readme->path)));
    return {.text = firstSentence(text, 200), .source = readme->path};
}

QString testsText(const Module &module, int testFiles)
{
    return u"Tests: "_s + counted(testFiles, u"test file"_s) + u" with "_s +
           counted(module.tests, u"test"_s) + u'.';
}

QString fromNames(const Repository &repository, const Module &module)
{
    QStringList names;
    int taken = 0;
    for (const FileFacts *file : filesOf(repository, module)) {
        if (!file->isCode() || file->testFile || ++taken > 12)
            continue;
        for (const Symbol &symbol : symbolsOf(textOf(repository, file->path), *file->language, file->path)) {
            if (symbol.isPublic && !symbol.member && !names.contains(symbol.name))
                names.append(symbol.name);
        }
    }
    if (names.isEmpty())
        return {};
    return u"Declares "_s + listedUpTo(names, 5) + u'.';
}

QString withoutStop(QString text)
{
    while (text.endsWith(u'.') || text.endsWith(u':'))
        text.chop(1);
    return text;
}

// Two of its files that say what they are tell more than a list of names.
QString fromFiles(const Repository &repository, const Module &module)
{
    std::vector<const FileFacts *> files = filesOf(repository, module);
    // A leading underscore marks what a part keeps to itself.
    std::erase_if(
        files, [](const FileFacts *f) { return !f->isCode() || f->testFile || f->name().startsWith(u'_'); });
    std::ranges::stable_sort(files, std::ranges::greater(),
                             [](const FileFacts *f) { return f->counts.code; });
    QStringList said;
    for (const FileFacts *file : files | std::views::take(8)) {
        const QString text = purposeOfFile(repository, *file);
        if (!text.isEmpty())
            said.append(code(file->name()) + u" ("_s + withoutStop(shortened(text, 100)) + u')');
        if (said.size() == 2)
            break;
    }
    return said.isEmpty() ? QString() : QString(u"Among others "_s + listed(said) + u'.');
}

Purpose saidOf(const Repository &repository, const Module &module)
{
    if (const FileFacts *file = repository.file(module.path)) {
        const QString said = purposeOfFile(repository, *file);
        return said.isEmpty() ? Purpose{.text = fromNames(repository, module), .source = {}}
                              : Purpose{.text = said, .source = file->path};
    }
    if (module.path != "."_L1) {
        if (Purpose said = fromMaps(repository, module); !said.text.isEmpty())
            return said;
        if (Purpose said = fromReadme(repository, module); !said.text.isEmpty())
            return said;
        if (Purpose said = fromSpeakers(repository, module); !said.text.isEmpty())
            return said;
    }
    if (isTestModule(module)) {
        const auto files = filesOf(repository, module);
        const auto count = static_cast<int>(std::ranges::count_if(files, &FileFacts::testFile));
        return {.text = testsText(module, count), .source = {}};
    }
    if (const QString said = fromFiles(repository, module); !said.isEmpty())
        return {.text = said, .source = {}};
    if (const QString said = fromNames(repository, module); !said.isEmpty())
        return {.text = said, .source = {}};
    const bool hardlyCode = module.codeLines * 20 < module.lines;
    return {.text = hardlyCode ? u"Holds documents or data, hardly any program text."_s : QString(),
            .source = {}};
}

} // namespace

QString purposeOfFile(const Repository &repository, const FileFacts &file)
{
    if (file.language == nullptr)
        return {};
    const QByteArray text = textOf(repository, file.path);
    if (file.language->kind == LanguageKind::Prose)
        return firstSentence(readmePurpose(QString::fromUtf8(text)));
    return file.language->kind == LanguageKind::Code ? fileSummary(text, *file.language, file.path)
                                                     : QString();
}

Purpose purposeOf(const Repository &repository, const Module &module)
{
    Purpose purpose = saidOf(repository, module);
    QString &text = purpose.text;
    // A sentence begins with a capital, unless its first word is a name with one inside.
    if (text.size() > 1 && text.front().isLower() &&
        text.section(u' ', 0, 0) == text.section(u' ', 0, 0).toLower())
        text[0] = text.at(0).toUpper();
    return purpose;
}

} // namespace muster::demo
