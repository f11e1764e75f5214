"""Pictures: opened with a limit on their pixels, drawn anew without anything hidden in them."""

from __future__ import annotations

import warnings
import zlib
from io import BytesIO

import pikepdf
from PIL import Image, ImageOps

from app.filing.refusals import unfit

MOST_PIXELS = 50_000_000  # an A3 sheet at 400 dpi, a telephone's 48 megapixels
LONGEST_SIDE = 5_000  # of what is kept: A3 at 300 dpi; TT 02/2019/TT-BNV asks for 200
QUALITY = 88
PLUGINS = {"jpg": "JPEG", "png": "PNG"}
SHORT, LONG = 595.28, 841.89  # A4 in points
# The library's own warning begins above our limit, which refuses.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


def redrawn(name: str, data: bytes, kind: str) -> bytes:
    """The picture upright, at most LONGEST_SIDE, without EXIF, profiles, comments, layers.

    Drawing it anew also leaves behind whatever else the file was. Refused `bad_file` where it has
    too many pixels (seen from its head, before a pixel is unpacked) or cannot be read to its end.
    """
    try:
        with Image.open(BytesIO(data), formats=[PLUGINS[kind]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _bomb(name, image.width, image.height)
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: unpack no more than is kept
            image.load()
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _bomb(name) from None
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, KeyError,
            OverflowError, MemoryError, zlib.error):  # fmt: skip
        raise unfit(
            f"Ảnh “{name}” hỏng hoặc bị cắt giữa chừng, không mở được hết.",
            "Hãy quét hoặc chụp lại.",
        ) from None
    return _written(_plain(upright), kind)


def _bomb(name: str, width: int = 0, height: int = 0) -> Exception:
    size = f" ({width} × {height})" if width else ""
    return unfit(
        f"Ảnh “{name}” có quá nhiều điểm ảnh{size}, nhiều nhất {MOST_PIXELS // 10**6} triệu.",
        "Hãy quét lại ở 300 dpi.",
    )


def _plain(image: Image.Image) -> Image.Image:
    """Black and white, grey or colours, on white paper; nothing that the file said beside."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        over = image.convert("RGBA")
        image = Image.new("RGB", over.size, "white")
        image.paste(over, mask=over.getchannel("A"))
    elif image.mode.startswith("I"):
        image = image.point(lambda v: v / 257).convert("L")
    elif image.mode not in ("1", "L", "RGB"):
        image = image.convert("RGB")
    if max(image.size) > LONGEST_SIDE:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.info = {}
    return image


def _written(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    if kind == "jpg":
        image.convert("L" if image.mode == "1" else image.mode).save(out, "JPEG", quality=QUALITY)
    else:
        image.save(out, "PNG")
    return out.getvalue()


def add_page(pdf: pikepdf.Pdf, data: bytes, kind: str) -> None:
    """Append a redrawn picture as a page that fits A4, its pixels as they are."""
    with Image.open(BytesIO(data), formats=[PLUGINS[kind]]) as image:
        width, height = image.size
        mode = image.mode
        packed = data if kind == "jpg" else zlib.compress(image.tobytes(), 6)
    across, down = (SHORT, LONG) if height >= width else (LONG, SHORT)
    scale = min(across / width, down / height)
    page_width, page_height = round(width * scale, 2), round(height * scale, 2)
    drawn = pikepdf.Stream(
        pdf, packed, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width,
        Height=height, BitsPerComponent=1 if mode == "1" else 8,
        ColorSpace=pikepdf.Name.DeviceRGB if mode == "RGB" else pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.DCTDecode if kind == "jpg" else pikepdf.Name.FlateDecode,
    )  # fmt: skip
    page = pdf.add_blank_page(page_size=(page_width, page_height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=drawn))
    page.Contents = pdf.make_stream(
        f"q {page_width} 0 0 {page_height} 0 0 cm /Picture Do Q".encode()
    )
