// What an agent is given beside its prompt: its profile, the schema of its answer, documents of the project.
#include "core/node/api/value_fields.h"
#include "core/node/flows/kept_files.h"
#include "core/node/work/agent_job.h"
#include "core/node/work/context_manifest.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString schemaText(const QJsonObject &schema)
{
    return u"The answer must be JSON that fits this JSON Schema, and nothing else:\n"_s +
           QString::fromUtf8(QJsonDocument(schema).toJson(QJsonDocument::Compact));
}

QString skillText(const Skill &skill)
{
    return u"The skill "_s + skill.name + u": work by it wherever it applies.\n\n"_s + skill.text;
}

api::ContextInfo partOf(const FoundSkill &found)
{
    api::ContextInfo part{
        .kind = u"skill"_s, .name = found.skill.name, .origin = enumName(found.found.file.place)};
    for (const NamedFile &hidden : found.found.hides)
        part.hides += hidden.place == LookupPlace::BuiltIn ? enumName(hidden.place) : hidden.path;
    return part;
}

Result<std::vector<FoundSkill>> skillsNamed(const FlowLibrary &library, const QStringList &names)
{
    std::vector<FoundSkill> skills;
    for (const QString &name : names) {
        auto found = library.skill(name);
        if (!found)
            return fail(found.error().code,
                        QStringList{u"skill"_s, name, found.error().detail, found.error().where}.join(u' '));
        skills.push_back(std::move(*found));
    }
    return skills;
}

} // namespace

FlowLibrary AgentJob::library() const
{
    FlowLibrary library(m_place.project.info.root, m_context.personFolder,
                        m_place.project.trusted || m_data.trusted);
    library.keep(m_keptFiles);
    return library;
}

// What the run was started with, and not what the folders hold by now.
Async<bool> AgentJob::findKeptFiles()
{
    const RunId run = m_task.request.refs.run;
    if (m_task.request.source != TaskSource::Flow || !run.isValid())
        co_return true;
    auto files =
        co_await resultOf(m_context.ledger.readAsync([run](Connection &db) { return keptFiles(db, run); }));
    if (!files)
        co_return std::unexpected(files.error());
    m_keptFiles = std::move(*files);
    co_return true;
}

Async<bool> AgentJob::findContext()
{
    QStringList names = m_data.skills + m_profile.skills;
    names.removeDuplicates();
    const FlowLibrary library = this->library();
    auto skills = co_await resultOf(onPool([library, names] { return skillsNamed(library, names); }));
    if (!skills)
        co_return std::unexpected(skills.error());
    m_skills = std::move(*skills);
    // Where it works, an earlier step may have written them.
    QStringList folders{m_place.folder, m_place.project.info.root};
    folders.removeDuplicates();
    auto documents = co_await resultOf(
        onPool([folders, paths = m_data.documents] { return readDocuments(folders, paths); }));
    if (!documents)
        co_return fail(documents.error().code, documentDetail(documents.error()));
    m_documents = std::move(*documents);
    co_return true;
}

QJsonArray AgentJob::giveContext()
{
    GivenContext given;
    given.list({.kind = u"prompt"_s}, m_task.request.prompt);
    if (!m_profile.instructions.isEmpty())
        given.give({.kind = u"profile"_s, .name = m_profile.name}, u"text/markdown"_s,
                   m_profile.instructions);
    for (const FoundSkill &found : m_skills)
        given.give(partOf(found), u"text/markdown"_s, skillText(found.skill));
    for (const Document &document : m_documents)
        given.give({.kind = u"document"_s, .name = document.path}, u"text/plain"_s, fencedDocument(document));
    if (!m_data.schema.isEmpty())
        given.give({.kind = u"schema"_s}, u"text/plain"_s, schemaText(m_data.schema));
    m_givenTokens = 0;
    for (const api::ContextInfo &part : given.parts())
        m_givenTokens += part.tokens;
    // A chat's own list of what is given is its messages.
    if (m_task.request.source == TaskSource::Flow)
        recordContext(given.parts());
    return given.blocks();
}

void AgentJob::recordContext(const std::vector<api::ContextInfo> &parts)
{
    QJsonArray list;
    qint64 tokens = 0;
    for (const api::ContextInfo &part : parts) {
        list.append(toJsonObject(part));
        tokens += part.tokens;
    }
    m_context.ledger.commit(this, [refs = refs(), list, tokens](Connection &, EventBatch &log) -> Status {
        log.add(u"task.context"_s, refs, u"node"_s, {{u"parts"_s, list}, {u"tokens"_s, tokens}});
        return {};
    });
}

} // namespace muster
