"""What people type about regions, agencies and people before it becomes a row; rules and actions take these."""

from dataclasses import dataclass

from capaian.agencies.models import Agency, Person, Region, TimeZone

NUMBER_PATTERN = "{klas}/{kode}.{urut}/{instansi}/{bulan}/{tahun}"


@dataclass(frozen=True)
class RegionEntry:
    """A regional government that the installation does not know yet."""

    name: str
    kind: str = Region.Kind.REGENCY.value
    time_zone: str = TimeZone.WIB.value


@dataclass(frozen=True)
class AgencyEntry:
    """The data of an agency. Letterhead lines stand on papers as typed."""

    name: str
    short_name: str
    time_zone: str = TimeZone.WIB.value
    place: str = ""
    main_urusan: str = ""
    letterhead_government: str = ""
    letterhead_address: str = ""
    letterhead_contact: str = ""
    number_pattern: str = NUMBER_PATTERN
    self_approval_allowed: bool = False

    @classmethod
    def of(cls, agency: Agency) -> "AgencyEntry":
        """Return what an agency's row says now."""
        return cls(**{name: getattr(agency, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class PersonEntry:
    """The data of a person with an account; `nip` and `email` may be empty."""

    username: str
    name: str
    nip: str = ""
    rank: str = ""
    email: str = ""

    @classmethod
    def of(cls, person: Person) -> "PersonEntry":
        """Return what a person's row says now."""
        return cls(person.username, person.name, person.nip or "", person.rank, person.email)
