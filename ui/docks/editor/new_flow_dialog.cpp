#include "ui/docks/editor/new_flow_dialog.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/wrapped_label.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

NewFlowDialog::NewFlowDialog(const QStringList &templates, QStringList taken, QWidget *parent)
    : QDialog(parent)
    , m_taken(std::move(taken))
    , m_name(new QLineEdit(this))
    , m_from(new QComboBox(this))
    , m_error(wrappedLabel(u"error"_s, this))
    , m_make(new QPushButton(templates.isEmpty() ? tr("&Save") : tr("&Begin"), this))
{
    setWindowTitle(templates.isEmpty() ? tr("Save the flow under another name") : tr("New flow"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_name->setAccessibleName(tr("Name of the flow"));
    m_name->setMaxLength(64);
    m_name->setPlaceholderText(tr("letters, digits, “_” and “-”"));
    m_from->setAccessibleName(tr("What it begins with"));
    m_from->addItem(tr("One step"), QString());
    for (const QString &flow : templates)
        m_from->addItem(tr("As %1").arg(flow), flow);
    m_from->setVisible(!templates.isEmpty());
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Name"), m_name);
    if (!templates.isEmpty())
        form->addRow(tr("&Begins with"), m_from);
    m_make->setProperty("role", u"primary"_s);
    m_make->setDefault(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(m_make, QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &NewFlowDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &NewFlowDialog::update);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::units(3));
    column->addLayout(form);
    column->addWidget(m_error);
    column->addStretch();
    column->addWidget(buttons);
    setMinimumWidth(metrics::units(90));
    update();
}

void NewFlowDialog::update()
{
    static const QRegularExpression pattern(u"^[A-Za-z_][A-Za-z0-9_-]*$"_s);
    const QString name = m_name->text();
    const bool isTaken = m_taken.contains(name);
    const bool isName = pattern.match(name).hasMatch();
    if (isTaken)
        showText(m_error, tr("The project has a flow of that name."));
    else
        showText(m_error,
                 name.isEmpty() || isName
                     ? QString()
                     : tr("A name begins with a letter or “_” and has letters, digits, “_” and “-”."));
    m_make->setEnabled(isName && !isTaken);
}

void NewFlowDialog::accept()
{
    emit chosen(m_name->text(), m_from->currentData().toString());
    QDialog::accept();
}

} // namespace muster
