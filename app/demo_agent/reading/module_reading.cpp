#include "app/demo_agent/reading/module_reading.h"

#include "app/demo_agent/analysis/tests.h"
#include "app/demo_agent/analysis/text.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <ranges>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr int maxFilesForNames = 150;

using WordCounts = QHash<QByteArray, int>;

void countWords(const QByteArray &text, WordCounts &counts)
{
    qsizetype at = 0;
    while (at < text.size()) {
        while (at < text.size() && !isWordByte(text[at]))
            ++at;
        const qsizetype begin = at;
        while (at < text.size() && isWordByte(text[at]))
            ++at;
        if (at - begin >= 3)
            ++counts[text.sliced(begin, at - begin)];
    }
}

bool isWanted(const Symbol &symbol) { return symbol.isPublic && !symbol.member && symbol.name.size() >= 2; }

bool isType(const Symbol &symbol)
{
    static const QStringList types{u"class"_s, u"struct"_s,  u"interface"_s, u"trait"_s, u"enum"_s,
                                   u"type"_s,  u"package"_s, u"record"_s,    u"union"_s, u"concept"_s};
    return types.contains(symbol.kind);
}

// What others use most comes first; a type counts for more than a function, a documented name for more too.
double rank(const NamedSymbol &named)
{
    return named.mentions * (isType(named.symbol) ? 2.0 : 1.0) * (named.symbol.doc.isEmpty() ? 1.0 : 1.5);
}

void readNames(const Repository &repository, const std::vector<const FileFacts *> &code,
               ModuleReading &reading, const StopCheck &stop)
{
    std::vector<const FileFacts *> wanted = code;
    if (!isTestModule(reading.module))
        std::erase_if(wanted, [](const FileFacts *f) { return f->testFile || inTestFolder(f->path); });
    reading.nameFiles = static_cast<int>(wanted.size());
    WordCounts words;
    QSet<QString> seen;
    for (const FileFacts *file : wanted | std::views::take(maxFilesForNames)) {
        if (stopped(stop))
            return;
        const QByteArray text = textOf(repository, file->path);
        countWords(text, words);
        ++reading.namesFrom;
        for (Symbol &symbol : symbolsOf(text, *file->language, file->path)) {
            if (!isWanted(symbol) || seen.contains(symbol.name))
                continue;
            seen.insert(symbol.name);
            ++reading.publicNames;
            reading.names.push_back({std::move(symbol), file->path, 0});
        }
    }
    for (NamedSymbol &named : reading.names)
        named.mentions = words.value(named.symbol.name.section(u"::"_s, -1).toUtf8());
    std::ranges::stable_sort(reading.names, std::ranges::greater(), rank);
}

void readMainFiles(const Repository &repository, const std::vector<const FileFacts *> &code,
                   ModuleReading &reading)
{
    QSet<QString> said; // some projects begin every file with the same words
    for (const FileFacts *file : code | std::views::take(4)) {
        QString purpose = shortened(purposeOfFile(repository, *file), 110);
        if (said.contains(purpose))
            purpose.clear();
        said.insert(purpose);
        reading.mainFiles.push_back({file, purpose});
    }
}

void readGaps(const std::vector<const FileFacts *> &files, ModuleReading &reading)
{
    int binary = 0;
    int large = 0;
    int foreign = 0;
    int unreadable = 0;
    for (const FileFacts *file : files) {
        binary += file->binary ? 1 : 0;
        large += file->tooLarge && !file->binary ? 1 : 0;
        unreadable += file->unreadable ? 1 : 0;
        foreign += file->foreign && !file->binary ? 1 : 0;
    }
    const auto note = [&](int n, const QString &one, const QString &many) {
        if (n > 0)
            reading.notRead.append(counted(n, one, many));
    };
    note(binary, u"binary file"_s, u"binary files"_s);
    note(large, u"file above "_s + byteSize(maxReadBytes), u"files above "_s + byteSize(maxReadBytes));
    note(unreadable, u"file that may not be read"_s, u"files that may not be read"_s);
    note(foreign, u"generated or third-party file"_s, u"generated or third-party files"_s);
}

} // namespace

std::vector<PlacedNote> notesOf(const std::vector<const FileFacts *> &files)
{
    std::vector<PlacedNote> notes;
    for (const FileFacts *file : files) {
        if (file->foreign)
            continue;
        for (const Note &note : file->counts.notes)
            notes.push_back({file->path, note});
    }
    std::ranges::stable_sort(notes, std::ranges::less(),
                             [](const PlacedNote &n) { return severity(n.note); });
    return notes;
}

ModuleReading readModule(const Repository &repository, const Module &module, const TestIndex &tests,
                         const StopCheck &stop)
{
    ModuleReading reading;
    reading.module = module;
    reading.purpose = purposeOf(repository, module);
    const std::vector<const FileFacts *> files = filesOf(repository, module);
    std::vector<const FileFacts *> code = files;
    std::erase_if(code, [](const FileFacts *f) { return !f->isCode(); });
    std::ranges::stable_sort(code, std::ranges::greater(),
                             [](const FileFacts *f) { return f->testFile ? 0 : f->counts.code; });
    reading.codeFiles = static_cast<int>(code.size());
    readMainFiles(repository, code, reading);
    readNames(repository, code, reading, stop);
    reading.tests = tests.testsOf(module);
    reading.notes = notesOf(files);
    readGaps(files, reading);
    for (const FileFacts *file : code) {
        if (file->counts.lines > reading.longestLines) {
            reading.longestLines = file->counts.lines;
            reading.longestFile = file->path;
        }
    }
    return reading;
}

} // namespace muster::demo
